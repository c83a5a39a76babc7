package example.sky;

public final class Kube {
  private static final String OLD = "client.authentication.k8s.io/v1alpha1";

  static String text() {
    return "users:\n"
        + "- name: u\n"
        + "  user:\n"
        + "    exec:\n"
        + "      apiVersion: client.authentication.k8s.io/v1alpha1\n"
        + "      command: aws\n";
  }

  static ExecConfig exec() {
    return new ExecConfigBuilder()
        .withApiVersion("client.authentication.k8s.io/v1alpha1")
        .withCommand("aws")
        .build();
  }

  static ExecConfig builder() {
    return ExecConfig.builder().apiVersion("client.authentication.k8s.io/v1alpha1").command("aws").build();
  }

  static Map<String, String> map() {
    return Map.of("apiVersion", "client.authentication.k8s.io/v1alpha1", "command", "aws");
  }

  static void setter(ExecConfig e) {
    e.setApiVersion("client.authentication.k8s.io/v1beta1");
    if ("client.authentication.k8s.io/v1alpha1".equals(e.getApiVersion())) {
      throw new IllegalStateException("old");
    }
  }

  static final String BLOCK = """
      {"exec": {"apiVersion": "client.authentication.k8s.io/v1alpha1", "command": "aws"}}
      """;
}
