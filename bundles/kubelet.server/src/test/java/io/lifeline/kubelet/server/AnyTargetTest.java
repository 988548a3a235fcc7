package io.lifeline.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * Request targets with something wrong: each is one route or none, never starts a process without
 * the right to, and costs no more than a bound.
 *
 * <p>A failure prints its {@code seed}: add it to {@link #KNOWN}, so that it is tried for ever.
 */
class AnyTargetTest {

  /** Seeds that failed once. */
  private static final long[] KNOWN = {0, 1, -1, Long.MIN_VALUE};

  private static final Set<String> STARTS =
      Set.of("exec", "attach", "run", "portForward", "cri", "debug");

  private static final String[] WORDS = {
    "exec",
    "attach",
    "run",
    "portForward",
    "containerLogs",
    "logs",
    "pods",
    "runningpods",
    "healthz",
    "metrics",
    "stats",
    "summary",
    "default",
    "debug",
    "u-1",
    "debugger",
    "..",
    ".",
    "",
    "%2e%2e",
    "%2f",
    "%00",
    "EXEC",
    "exec ",
    "a%",
    "%zz",
    "\u00e4",
    "x".repeat(300)
  };

  private static final String[] PARAMETERS = {
    "command=ls",
    "command=%20",
    "input=1",
    "output=true",
    "error=0",
    "tty=1",
    "port=80",
    "port=-1",
    "port=99999999999",
    "tailLines=5",
    "tailLines=x",
    "follow=true",
    "=",
    "&&",
    "a=%f",
    ";",
    "?",
    "#",
    "sinceSeconds=1"
  };

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int WARM = 500;
  private static final Map<Class<?>, Integer> MEASURED = new HashMap<>();

  @Provide
  Arbitrary<Long> seeds() {
    return Arbitraries.randomValue(Random::nextLong);
  }

  private static String path(SplittableRandom random) {
    StringBuilder path = new StringBuilder();
    int words = random.nextInt(8);
    for (int i = 0; i < words; i++) {
      path.append(random.nextInt(30) == 0 ? "" : "/").append(WORDS[random.nextInt(WORDS.length)]);
    }
    return path.toString();
  }

  private static String target(SplittableRandom random) {
    StringBuilder target = new StringBuilder(path(random));
    int parameters = random.nextInt(6);
    for (int i = 0; i < parameters; i++) {
      target.append(i == 0 ? '?' : '&').append(PARAMETERS[random.nextInt(PARAMETERS.length)]);
    }
    int damage = random.nextInt(3);
    for (int i = 0; i < damage && !target.isEmpty(); i++) {
      target.setCharAt(random.nextInt(target.length()), (char) random.nextInt(0x20, 0x7f));
    }
    return target.toString();
  }

  @Property(
      tries = 200_000,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.SAMPLE_FIRST)
  void anyTargetIsOneRouteOrNoneAndStartsNothingWithoutCreate(@ForAll("seeds") long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    String target = target(random);
    HttpMethod method =
        new HttpMethod[] {HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE}
            [random.nextInt(4)];
    long before = THREADS.getCurrentThreadAllocatedBytes();
    Route route;
    String path;
    try {
      Query query = Query.of(target);
      path = query.path();
      route = Routes.of(method, path);
    } catch (RefusedException e) {
      assertThat(e.status().code()).isEqualTo(400);
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    bounded(allocated, 65536 + 64L * target.length(), target);
    if (route instanceof Route.Command
        || route instanceof Route.Run
        || route instanceof Route.Forward) {
      assertThat(route.access().verb()).isEqualTo("create");
      assertThat(method).isIn(HttpMethod.GET, HttpMethod.POST);
    }
    String first = path.length() > 1 ? path.substring(1).split("/", -1)[0] : "";
    if (!STARTS.contains(first) && !(route instanceof Route.Unknown)) {
      assertThat(route.access().verb()).as(path).isIn("get", "create");
    }
    assertThat(route.access().subresource()).isNotBlank();
  }

  @Property(
      tries = 30_000,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.SAMPLE_FIRST)
  void anyRequestIsReadOrRefusedAndAllocatesLittle(@ForAll("seeds") long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder request =
        new StringBuilder("GET " + target(random) + " HTTP/1.1\r\nHost: w2-debug\r\n");
    String[] lines = {
      "Connection: Upgrade\r\n",
      "Upgrade: SPDY/3.1\r\n",
      "Upgrade: websocket\r\n",
      "X-Stream-Protocol-Version: v4.channel.k8s.io\r\n",
      "Sec-WebSocket-Version: 13\r\n",
      "Content-Length: 5\r\n",
      "Transfer-Encoding: chunked\r\n",
      ": empty\r\n",
      " folded\r\n",
      "Content-Length: 99999999999999999999\r\n",
      "No colon\r\n",
      "Authorization: Bearer\r\n"
    };
    int headers = random.nextInt(6);
    for (int i = 0; i < headers; i++) {
      request.append(lines[random.nextInt(lines.length)]);
    }
    request.append("\r\n");
    byte[] bytes = request.toString().getBytes(StandardCharsets.UTF_8);
    int damage = random.nextInt(4);
    for (int i = 0; i < damage; i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec(32768, 32768, 8192));
    long before = THREADS.getCurrentThreadAllocatedBytes();
    channel.writeInbound(Unpooled.wrappedBuffer(bytes));
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    bounded(allocated, 131072 + 64L * bytes.length, request);
    for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
      if (message instanceof HttpRequest read && read.decoderResult().isSuccess()) {
        assertThat(read.uri()).isNotNull();
      }
      io.netty.util.ReferenceCountUtil.release(message);
    }
    channel.finishAndReleaseAll();
  }

  /** The first calls load classes, which is not the request's doing. */
  private static void bounded(long allocated, long most, CharSequence what) {
    if (MEASURED.merge(what.getClass(), 1, Integer::sum) > WARM && allocated > most) {
      assertThat(allocated).as("bytes allocated for " + what).isLessThanOrEqualTo(most);
    }
  }

  @Example
  void whatFailedOnceIsGoodForEver() {
    for (long seed : KNOWN) {
      anyTargetIsOneRouteOrNoneAndStartsNothingWithoutCreate(seed);
      anyRequestIsReadOrRefusedAndAllocatesLittle(seed);
    }
  }
}
