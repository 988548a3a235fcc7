package io.lifeline.itests.e2e.upgrade;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** {@code java EchoServer PORT}: what a port-forward leads to, on the worker. */
public final class EchoServer {

  private EchoServer() {}

  public static void main(String... words) throws IOException {
    try (ServerSocket server =
        new ServerSocket(Integer.parseInt(words[0]), 8, InetAddress.getLoopbackAddress())) {
      while (true) {
        Socket socket = server.accept();
        Thread thread = new Thread(() -> echo(socket));
        thread.setDaemon(true);
        thread.start();
      }
    }
  }

  private static void echo(Socket socket) {
    try (socket) {
      byte[] bytes = new byte[4096];
      for (int n = socket.getInputStream().read(bytes);
          n > 0;
          n = socket.getInputStream().read(bytes)) {
        socket.getOutputStream().write(bytes, 0, n);
      }
    } catch (IOException e) {
      System.err.println("a connection broke: " + e);
    }
  }
}
