package dev.migrator.diff;

import dev.migrator.Migration;
import dev.migrator.source.BeanLanguage;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles proposed beans, and calls them. */
public final class CompiledBeans {

  private static final String NAME = "MappingMigrations";

  private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

  /** For all: to open the libraries again takes longer than to compile. */
  private static final StandardJavaFileManager FILES =
      COMPILER.getStandardFileManager(null, null, null);

  private CompiledBeans() {}

  /** What a class with beans declares, in the order of its methods. */
  static Map<String, Migration> of(String source) {
    try {
      Class<?> type = new Loader(compile(source)).loadClass(NAME);
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      Object beans = constructor.newInstance();
      Map<String, Migration> migrations = new java.util.TreeMap<>();
      for (Method each : type.getDeclaredMethods()) {
        if (Migration.class.isAssignableFrom(each.getReturnType())) {
          each.setAccessible(true);
          migrations.put(each.getName(), (Migration) each.invoke(beans));
        }
      }
      return migrations;
    } catch (ReflectiveOperationException ex) {
      throw new AssertionError(ex);
    }
  }

  /** That of one release of a proposal. */
  public static Migration release(ProposedMigration proposed, int number) {
    ProposedRelease release = proposed.releases().get(number);
    ProposedMigration only =
        new ProposedMigration(proposed.id(), proposed.why(), List.of(release), null, null);
    return of(BeanSource.configuration(List.of(only), BeanLanguage.JAVA))
        .values()
        .iterator()
        .next();
  }

  /** The whole way of each, in their order. */
  static List<Migration> whole(MappingDiff diff) {
    return diff.migrations().stream().map(it -> release(it, it.releases().size() - 1)).toList();
  }

  private static Map<String, ByteArrayOutputStream> compile(String source) {
    Map<String, ByteArrayOutputStream> classes = new HashMap<>();
    StringWriter messages = new StringWriter();
    boolean compiled =
        COMPILER
            .getTask(
                messages,
                new InMemory(FILES, classes),
                null,
                List.of("-proc:none"),
                null,
                List.of(new Source(source)))
            .call();
    if (!compiled) {
      throw new AssertionError(messages + "\n" + source);
    }
    return classes;
  }

  private static final class Source extends SimpleJavaFileObject {

    private final String text;

    Source(String text) {
      super(URI.create("string:///" + NAME + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {

    private final Map<String, ByteArrayOutputStream> classes;

    InMemory(JavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
      super(files);
      this.classes = classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, javax.tools.FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("mem:///" + name + ".class"), kind) {

        @Override
        public OutputStream openOutputStream() {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          classes.put(name, bytes);
          return bytes;
        }
      };
    }
  }

  private static final class Loader extends ClassLoader {

    private final Map<String, ByteArrayOutputStream> classes;

    Loader(Map<String, ByteArrayOutputStream> classes) {
      super(CompiledBeans.class.getClassLoader());
      this.classes = classes;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      ByteArrayOutputStream bytes = classes.get(name);
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes.toByteArray(), 0, bytes.size());
    }
  }
}
