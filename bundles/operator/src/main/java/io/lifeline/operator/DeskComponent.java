package io.lifeline.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.crd.NodeDebug;
import io.lifeline.crd.NodeDebugDesk;
import io.lifeline.kubernetes.KubernetesClients;
import java.time.Clock;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The desk in OSGi: made when a console asks for it, and not before. */
@Component(service = NodeDebugDesk.class)
public final class DeskComponent implements NodeDebugDesk {

  private final KubernetesClient client;
  private final Desk desk;

  @Activate
  public DeskComponent(@Reference KubernetesClients clients) {
    client = clients.ambient();
    desk = new Desk(client, Clock.systemUTC());
  }

  @Deactivate
  void close() {
    client.close();
  }

  @Override
  public List<NodeDebug> list() {
    return desk.list();
  }

  @Override
  public String approve(String name, String person) {
    return desk.approve(name, person);
  }
}
