package io.lifeline.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpMethod;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;

class RoutesTest {

  private static Route get(String path) {
    return Routes.of(HttpMethod.GET, path);
  }

  @Example
  void everyRouteOfTheKubeletIsRead() {
    PodPath path = new PodPath("ns", "pod", "", "c");
    PodPath uid = new PodPath("ns", "pod", "u", "c");
    assertThat(get("/exec/ns/pod/c")).isEqualTo(new Route.Command(false, path));
    assertThat(get("/exec/ns/pod/u/c")).isEqualTo(new Route.Command(false, uid));
    assertThat(get("/attach/ns/pod/c")).isEqualTo(new Route.Command(true, path));
    assertThat(get("/run/ns/pod/u/c")).isEqualTo(new Route.Run(uid));
    assertThat(get("/portForward/ns/pod"))
        .isEqualTo(new Route.Forward(new PodPath("ns", "pod", "", "")));
    assertThat(get("/portForward/ns/pod/u"))
        .isEqualTo(new Route.Forward(new PodPath("ns", "pod", "u", "")));
    assertThat(get("/containerLogs/ns/pod/c")).isEqualTo(new Route.Logs(path));
    assertThat(get("/pods")).isEqualTo(Route.Page.PODS);
    assertThat(get("/pods/")).isEqualTo(Route.Page.PODS);
    assertThat(get("/runningpods/")).isEqualTo(Route.Page.RUNNING_PODS);
    assertThat(get("/healthz")).isEqualTo(Route.Page.HEALTHZ);
    assertThat(get("/metrics")).isEqualTo(Route.Page.METRICS);
    assertThat(get("/stats/summary")).isEqualTo(Route.Page.STATS_SUMMARY);
    assertThat(get("/metrics/resource")).isEqualTo(Route.Page.RESOURCE_METRICS);
    assertThat(get("/logs")).isEqualTo(new Route.WorkerLogs(""));
    assertThat(get("/logs/")).isEqualTo(new Route.WorkerLogs(""));
    assertThat(get("/recordings")).isEqualTo(new Route.Recordings(""));
    assertThat(get("/recordings/amber-7.cast")).isEqualTo(new Route.Recordings("amber-7.cast"));
    assertThat(get("/recordings/").access().verb()).as("exec's own right").isEqualTo("create");
    assertThat(get("/logs/pods/a/")).isEqualTo(new Route.WorkerLogs("pods/a/"));
  }

  @Example
  void whatIsNotARouteIsUnknown() {
    for (String path :
        new String[] {
          "",
          "/",
          "//",
          "/exec",
          "/exec/ns/pod",
          "/exec//pod/c",
          "/exec/ns/pod/u/c/more",
          "/portForward/ns",
          "/containerLogs/ns/pod/u/c",
          "/stats",
          "/logsx",
          "/recordingsx",
          "/metrics/other",
          "/EXEC/ns/pod/c",
          "pods"
        }) {
      assertThat(get(path)).as(path).isEqualTo(new Route.Unknown());
    }
  }

  @Property
  void anyPathIsOneThingOrAnother(@ForAll @StringLength(max = 60) String path) {
    assertThat(get("/" + path).access().verb()).isIn("get", "create");
  }

  @Property
  void whateverStartsAProcessNeedsCreate(
      @ForAll @StringLength(min = 1, max = 8) String name, @ForAll boolean post) {
    for (String kind : new String[] {"/exec/ns/pod/", "/attach/ns/pod/", "/run/ns/pod/"}) {
      Route route = Routes.of(post ? HttpMethod.POST : HttpMethod.GET, kind + name);
      if (route instanceof Route.Command || route instanceof Route.Run) {
        assertThat(route.access().verb()).isEqualTo("create");
        assertThat(route.access().subresource()).isEqualTo("proxy");
      }
    }
  }
}
