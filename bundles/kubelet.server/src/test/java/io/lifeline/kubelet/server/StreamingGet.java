package io.lifeline.kubelet.server;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A caller of one GET, as the API server, that reads the body only when the test says so. */
final class StreamingGet implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;
  final String head;

  StreamingGet(OpenDoor door, String uri) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry(
        "api-server",
        FakeNode.API_SERVER.key(),
        new char[0],
        new Certificate[] {FakeNode.API_SERVER.certificate()});
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(keys, new char[0]);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(own.getKeyManagers(), InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    socket = tls.getSocketFactory().createSocket();
    socket.setReceiveBufferSize(16 * 1024);
    socket.setSoTimeout(10_000);
    socket.connect(door.address());
    String request = "GET %s HTTP/1.1\r\nHost: w2-debug\r\n\r\n".formatted(uri);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    in = socket.getInputStream();
    head = until("\r\n\r\n");
  }

  private String until(String mark) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf(mark) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("ended after: " + text);
      }
      text.append((char) next);
    }
    return text.toString();
  }

  /** The next chunk; empty at the end. */
  String chunk() throws IOException {
    int length = Integer.parseInt(until("\r\n").strip(), 16);
    String chunk = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    until("\r\n");
    return chunk;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
