package dev.migrator.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Forwards connections to a server until it is cut: then they break, and no new one is accepted. Or
 * until it falls silent: then they stay open, and no data passes.
 */
final class CuttableWire implements AutoCloseable {

  private final ServerSocket entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private final Set<Socket> silent = ConcurrentHashMap.newKeySet();

  private final String host;

  private final int port;

  private volatile boolean cut;

  CuttableWire(String host, int port) throws IOException {
    this.host = host;
    this.port = port;
    daemon(this::accept);
  }

  int port() {
    return entrance.getLocalPort();
  }

  void cut() {
    cut = true;
    open.forEach(CuttableWire::close);
  }

  /** Those that are open stay silent for ever. */
  void silence() {
    silent.addAll(open);
    cut = true;
  }

  void mend() {
    cut = false;
  }

  @Override
  public void close() throws IOException {
    cut();
    entrance.close();
  }

  private void accept() {
    while (!entrance.isClosed()) {
      try {
        Socket client = entrance.accept();
        Socket server = new Socket(host, port);
        open.add(client);
        open.add(server);
        if (cut) {
          close(client);
          close(server);
        }
        daemon(() -> forward(client, server));
        daemon(() -> forward(server, client));
      } catch (IOException ex) {
        // The entrance is closed, or the next one has more luck.
      }
    }
  }

  private void forward(Socket from, Socket to) {
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      byte[] buffer = new byte[8192];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (!silent.contains(from)) {
          out.write(buffer, 0, read);
        }
      }
    } catch (IOException ex) {
      // Cut.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException ex) {
      throw new IllegalStateException(ex);
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "wire");
    thread.setDaemon(true);
    thread.start();
  }
}
