package dev.migrator.autoconfigure.actuate.endpoint;

import dev.migrator.error.ErrorCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Refuses a request whose body is longer than any command, before it is parsed: also one that is
 * refused for want of access is read first.
 */
class CommandBodyLimit extends HttpFilter {

  static final int LONGEST = 4096;

  private static final int TOO_LARGE = 413;

  private static final String REFUSAL =
      "{\"code\":\"%s\",\"reason\":\"the body of a command has at most %d bytes\"}"
          .formatted(ErrorCode.COMMAND_INVALID.code(), LONGEST);

  private static final long serialVersionUID = 1L;

  private final String path;

  /**
   * Makes it.
   *
   * @param path where the endpoint is
   */
  CommandBodyLimit(String path) {
    this.path = path + "/";
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    // Decoded, as where the request is mapped; behind the servlet's own path, if it has one.
    String asked = Objects.requireNonNullElseGet(request.getPathInfo(), request::getServletPath);
    if (!asked.startsWith(path)) {
      chain.doFilter(request, response);
      return;
    }
    byte[] body = request.getInputStream().readNBytes(LONGEST + 1);
    if (body.length > LONGEST) {
      response.setStatus(TOO_LARGE);
      response.setContentType("application/json");
      response.getOutputStream().write(REFUSAL.getBytes(StandardCharsets.UTF_8));
    } else {
      chain.doFilter(new Again(request, body), response);
    }
  }

  /** A request whose body was read. */
  private static final class Again extends HttpServletRequestWrapper {

    private final ByteArrayInputStream body;

    Again(HttpServletRequest request, byte[] body) {
      super(request);
      this.body = new ByteArrayInputStream(body);
    }

    @Override
    public ServletInputStream getInputStream() {
      return new Body(body);
    }

    @Override
    public BufferedReader getReader() {
      return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }
  }

  private static final class Body extends ServletInputStream {

    private final ByteArrayInputStream body;

    Body(ByteArrayInputStream body) {
      this.body = body;
    }

    @Override
    public int read() {
      return body.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      return body.read(bytes, offset, length);
    }

    @Override
    public boolean isFinished() {
      return body.available() == 0;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new UnsupportedOperationException("the body is there already");
    }
  }
}
