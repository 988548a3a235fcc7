package io.lifeline.session.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.api.SessionRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LiveSessionsTest {

  private final Sessions house = new Sessions(Map.of("sessions.max", "2", "grace", "0s"));
  private final FakeContainer container = house.container;
  private final LiveSessions sessions = house.engine;

  private static SessionRequest request(boolean tty) {
    return Sessions.bash(tty);
  }

  @Test
  void aSessionHasANameOneCanSayAndIsListedUntilItEnds() throws Exception {
    Client client = new Client();
    Session session = sessions.open(request(true), client);
    assertThat(session.info().id()).matches("[a-z]+-\\d{1,2}");
    assertThat(sessions.sessions())
        .singleElement()
        .satisfies(
            info -> {
              assertThat(info.who()).isEqualTo("kube-apiserver");
              assertThat(info.command()).containsExactly("bash");
            });
    container.processes.get(0).streams.ended(new ExitStatus.Exited(0));
    assertThat(client.ended).isCompletedWithValue(new ExitStatus.Exited(0));
    assertThat(sessions.sessions()).isEmpty();
  }

  @Test
  void whoAttachedWithAnInputEndsItWhenHisConnectionIsLost() throws Exception {
    sessions.open(attach(true), new Client()).lost();
    assertThat(container.processes.get(0).heard).containsExactly("end of input", "close");
  }

  @Test
  void whoAttachedWithoutAnInputEndsNobodys() throws Exception {
    Session session = sessions.open(attach(false), new Client());
    session.closeStdin();
    session.close();
    assertThat(container.processes.get(0).heard).containsExactly("close");
  }

  private static SessionRequest attach(boolean stdin) {
    SessionRequest exec = request(false);
    return new SessionRequest(
        exec.containerId(),
        exec.door(),
        exec.who(),
        SessionRequest.Verb.ATTACH,
        new ProcessSpec(List.of("main"), Map.of(), stdin, false, Optional.empty()));
  }

  @Test
  void oneMoreThanAllowedIsRefusedAndToldWhy() throws Exception {
    sessions.open(request(true), new Client());
    Session second = sessions.open(request(true), new Client());
    assertThatThrownBy(() -> sessions.open(request(true), new Client()))
        .isInstanceOf(SessionRefusedException.class)
        .hasMessageContainingAll("2 sessions are open", "sessions.max");
    second.close();
    sessions.open(request(true), new Client());
  }

  @Test
  void aContainerThatIsNotThereIsSaidSo() {
    SessionRequest other = request(true);
    assertThatThrownBy(
            () ->
                sessions.open(
                    new SessionRequest(
                        "gone", other.door(), other.who(), other.verb(), other.process()),
                    new Client()))
        .isInstanceOf(ContainerException.class)
        .hasMessageContaining("no debug container gone");
  }

  @Test
  void aProcessThatCannotBeStartedLeavesNoSession() {
    container.broken = true;
    assertThatThrownBy(() -> sessions.open(request(true), new Client()))
        .isInstanceOf(ContainerException.class);
    assertThat(sessions.sessions()).isEmpty();
  }

  @Test
  void aBroadcastIsALineOfItsOwnOnTerminalsAndOnStderrElsewhere() throws Exception {
    Client terminal = new Client();
    Client pipe = new Client();
    sessions.open(request(true), terminal);
    sessions.open(request(false), pipe);
    sessions.broadcast("the worker is Ready");
    assertThat(terminal.heard()).isEqualTo("\r\n*** the worker is Ready ***\r\n");
    assertThat(pipe.heard()).isEqualTo("<err>*** the worker is Ready ***\n</err>");
  }

  @Test
  void aBroadcastDoesNotWaitForAClientThatDoesNotReadAndIsSaidWhenItDoes() throws Exception {
    Client slow = new Client();
    Client quick = new Client();
    slow.reads = new CountDownLatch(1);
    sessions.open(request(true), slow);
    sessions.open(request(true), quick);
    Thread process =
        new Thread(
            () -> {
              container.processes.get(0).says("output");
            });
    process.start();
    assertThat(slow.blocked.await(30, TimeUnit.SECONDS)).isTrue();
    sessions.broadcast("hello");
    assertThat(quick.heard()).contains("*** hello ***");
    assertThat(slow.heard()).isEmpty();
    slow.reads.countDown();
    process.join(5000);
    assertThat(slow.heard()).isEqualTo("output\r\n*** hello ***\r\n");
  }

  @Test
  void theEndIsToldThenComesAndNobodyIsLetInUntilAdmitted() throws Exception {
    Client client = new Client();
    sessions.open(request(true), client);
    sessions.endAll("w2 is Ready again", Duration.ofSeconds(5));
    assertThat(client.heard()).contains("*** w2 is Ready again ***");
    assertThat(client.ended).isCompleted();
    assertThat(sessions.sessions()).isEmpty();
    assertThatThrownBy(() -> sessions.open(request(true), new Client()))
        .isInstanceOf(SessionRefusedException.class)
        .hasMessage("w2 is Ready again");
    sessions.admit();
    sessions.open(request(true), new Client());
  }

  @Test
  void aProcessThatIgnoresTheHangUpIsKilled() throws Exception {
    container.stubborn = true;
    Client client = new Client();
    sessions.open(request(true), client);
    sessions.endAll("over", Duration.ofMillis(50));
    assertThat(container.processes.get(0).heard).containsExactly("close", "signal 9");
    assertThat(client.ended).isCompletedWithValue(new ExitStatus.Signalled(9));
  }

  @Test
  void afterTheEndNothingMoreIsSaid() throws Exception {
    Client client = new Client();
    sessions.open(request(true), client);
    container.processes.get(0).streams.ended(new ExitStatus.Exited(0));
    sessions.broadcast("late");
    assertThat(client.heard()).isEmpty();
  }
}
