package io.lifeline.itests.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Reads what Surefire and Failsafe have written about their tests. */
final class SurefireResults {

  private SurefireResults() {}

  /** Adds the results of every module below a folder that are not older than a time. */
  static void addTo(Report report, Path home, FileTime since)
      throws IOException, ParserConfigurationException, SAXException {
    for (Path file : files(home, since)) {
      NodeList cases =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(file.toFile())
              .getElementsByTagName("testcase");
      for (int i = 0; i < cases.getLength(); i++) {
        add(report, (Element) cases.item(i));
      }
    }
  }

  private static List<Path> files(Path home, FileTime since) throws IOException {
    try (Stream<Path> all = Files.walk(home, 6)) {
      return all.filter(
              file ->
                  file.getParent() != null
                      && file.getParent()
                          .toString()
                          .matches(".*/target/(surefire|failsafe)-reports")
                      && file.getFileName().toString().matches("TEST-.*\\.xml"))
          .filter(file -> !olderThan(file, since))
          .sorted()
          .toList();
    }
  }

  private static boolean olderThan(Path file, FileTime since) {
    try {
      return Files.getLastModifiedTime(file).compareTo(since) < 0;
    } catch (IOException e) {
      return true;
    }
  }

  private static void add(Report report, Element test) {
    String type = test.getAttribute("classname");
    String name =
        type.substring(type.lastIndexOf('.') + 1) + ": " + Sentences.of(test.getAttribute("name"));
    Report.Result result =
        has(test, "failure") || has(test, "error")
            ? Report.Result.FAILED
            : has(test, "skipped") ? Report.Result.SKIPPED : Report.Result.PASSED;
    report.test(name, result, seconds(test.getAttribute("time")), why(test));
  }

  private static String why(Element test) {
    for (String child : List.of("failure", "error")) {
      if (test.getElementsByTagName(child).item(0) instanceof Element element) {
        String message = element.getAttribute("message");
        return message.isBlank() ? element.getTextContent() : message;
      }
    }
    return "";
  }

  private static boolean has(Element test, String child) {
    return test.getElementsByTagName(child).getLength() > 0;
  }

  private static double seconds(String text) {
    return text.isBlank() ? 0 : Double.parseDouble(text.replace(",", ""));
  }
}
