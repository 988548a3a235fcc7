package io.lifeline.ssh.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.file.nonefs.NoneFileSystemFactory;
import org.apache.sshd.common.forward.DefaultForwarderFactory;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.io.IoAcceptor;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.kex.extension.DefaultServerKexExtensionHandler;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.random.JceRandomFactory;
import org.apache.sshd.common.random.SingletonRandomFactory;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.helpers.DefaultUnknownChannelReferenceHandler;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.global.NoMoreSessionsHandler;
import org.apache.sshd.server.session.ServerUserAuthServiceFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens and closes the SSH front end. One caller at a time; everything it uses is given here. */
final class SshDoor {

  private static final Logger LOG = LoggerFactory.getLogger(SshDoor.class);

  /** What waits of a session's input at most, when its process does not read. */
  private static final long WINDOW = 128 * 1024;

  private final SshSettings settings;
  private final HostKey host;
  private final Shells shells;
  private final Supplier<Today.Time> today;
  private final BooleanSupplier certificatesOnly;
  private @Nullable Door server;
  private @Nullable DoorThreads threads;
  private boolean listening;

  /**
   * @param today what time it is, for keys and certificates that end
   * @param certificatesOnly whether keys of {@code authorized_keys} are refused now
   */
  SshDoor(
      SshSettings settings,
      HostKey host,
      Shells shells,
      Supplier<Today.Time> today,
      BooleanSupplier certificatesOnly) {
    this.settings = settings;
    this.host = host;
    this.shells = shells;
    this.today = today;
    this.certificatesOnly = certificatesOnly;
  }

  synchronized boolean isOpen() {
    return server != null;
  }

  synchronized InetSocketAddress address() {
    if (server == null) {
      throw new IllegalStateException("the SSH front end is not open");
    }
    return (InetSocketAddress) server.getBoundAddresses().iterator().next();
  }

  /** Idempotent. */
  synchronized void open() throws IOException, GeneralSecurityException {
    if (server != null) {
      return;
    }
    Newcomers newcomers = new Newcomers(settings.limits(), System::nanoTime);
    DoorThreads started = DoorThreads.start(newcomers::none);
    Admission admission = new Admission(settings.keys(), today, certificatesOnly);
    Door opened = server(started, admission, newcomers);
    try {
      opened.start();
    } catch (IOException e) {
      opened.close(true);
      started.stop();
      throw e;
    }
    server = opened;
    threads = started;
    listening = true;
    LOG.info(
        "The SSH front end listens on {} with the host key {}; {} keys and authorities are known",
        address(),
        host.fingerprint(),
        admission.usable());
  }

  /** Stops listening, lets live connections go on for a while, then closes them. Idempotent. */
  synchronized void close() {
    SshServer open = server;
    DoorThreads started = threads;
    server = null;
    threads = null;
    listening = false;
    if (open == null || started == null) {
      return;
    }
    try {
      List<Session> live =
          List.copyOf(open.getActiveSessions().stream().map(s -> (Session) s).toList());
      open.close(false).await(settings.drain().plusMillis(1));
      live.forEach(session -> session.close(true));
      open.close(true).await(Duration.ofSeconds(2));
    } catch (IOException e) {
      LOG.warn("The SSH front end did not close cleanly: {}", e.toString());
    } finally {
      started.stop();
    }
    LOG.info("The SSH front end is closed");
  }

  /** Accepts nobody any more; connections that are open go on. Idempotent. */
  synchronized void leave() {
    if (server != null && listening) {
      listening = false;
      server.leave();
      LOG.info("{} connections of the replaced SSH front end go on", server.left());
    }
  }

  synchronized boolean isListening() {
    return listening;
  }

  /** How many connections there are. */
  synchronized int connections() {
    return server == null ? 0 : server.left();
  }

  private Door server(DoorThreads started, Admission admission, Newcomers newcomers) {
    Door made = new Door();
    made.setHost(settings.bind());
    made.setPort(settings.port());
    made.setRandomFactory(new SingletonRandomFactory(JceRandomFactory.INSTANCE));
    made.setKeyExchangeFactories(Algorithms.exchanges());
    made.setCipherFactories(Algorithms.ciphers(settings.ciphers()));
    made.setMacFactories(Algorithms.macs());
    made.setCompressionFactories(Algorithms.compressions());
    made.setSignatureFactories(Algorithms.signatures());
    // It tells clients that RSA keys may sign with SHA-2.
    made.setKexExtensionHandler(DefaultServerKexExtensionHandler.INSTANCE);
    made.setKeyPairProvider(KeyPairProvider.wrap(host.pair()));
    made.setUserAuthFactories(List.of(PublicKeyAuth.factory(Algorithms.signatures())));
    made.setPublickeyAuthenticator(admission);
    made.setServiceFactories(
        List.of(
            ServerUserAuthServiceFactory.INSTANCE,
            new Connections(started.timer(), settings.keepAlive().toMillis())));
    made.setChannelFactories(List.of(new Channels(shells, settings.shell(), started)));
    made.setGlobalRequestHandlers(
        List.of(new KeepAliveHandler(), NoMoreSessionsHandler.INSTANCE, new Forwarding()));
    made.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
    made.setForwarderFactory(DefaultForwarderFactory.INSTANCE);
    made.setUnknownChannelReferenceHandler(DefaultUnknownChannelReferenceHandler.INSTANCE);
    made.setFileSystemFactory(NoneFileSystemFactory.INSTANCE);
    made.setIoServiceFactoryFactory(new Nio2ServiceFactoryFactory(started::io));
    made.setScheduledExecutorService(started.timer(), false);
    made.setSessionFactory(newcomers.sessions(made));
    made.addSessionListener(newcomers);
    made.addSessionListener(Connections.GOODBYES);
    limits(made);
    return made;
  }

  private void limits(SshServer made) {
    SshSettings.Limits limits = settings.limits();
    CoreModuleProperties.SERVER_IDENTIFICATION.set(made, "Lifeline");
    CoreModuleProperties.AUTH_TIMEOUT.set(made, limits.login());
    CoreModuleProperties.MAX_AUTH_REQUESTS.set(made, limits.tries());
    CoreModuleProperties.MAX_CONCURRENT_CHANNELS.set(made, 10);
    CoreModuleProperties.WINDOW_SIZE.set(made, WINDOW);
    CoreModuleProperties.NIO_WORKERS.set(made, 2);
    CoreModuleProperties.TCP_NODELAY.set(made, true);
    CoreModuleProperties.SOCKET_KEEPALIVE.set(made, true);
    CoreModuleProperties.SOCKET_REUSEADDR.set(made, true);
    // A person may sit and think: keep-alive finds out who has gone, and the engine's limits the
    // rest.
    CoreModuleProperties.IDLE_TIMEOUT.set(made, Duration.ZERO);
    CoreModuleProperties.NIO2_READ_TIMEOUT.set(made, Duration.ZERO);
  }

  /** One that can stop listening without ending what is open. */
  private static final class Door extends SshServer {

    /** The last before it binds; an instance that was replaced listens until then. */
    @Override
    protected IoAcceptor createAcceptor() {
      IoAcceptor created = super.createAcceptor();
      Handover.take();
      return created;
    }

    void leave() {
      acceptor.unbind();
    }

    int left() {
      return getActiveSessions().size();
    }
  }

  private record Channels(Shells shells, String shell, DoorThreads threads)
      implements ChannelFactory {

    @Override
    public String getName() {
      return "session";
    }

    @Override
    public Channel createChannel(Session session) {
      return new DebugChannel(shells, new CommandLine(shell), threads);
    }
  }
}
