class A {
  ExecConfig scw() {
    return new ExecConfigBuilder()
        .withApiVersion("client.authentication.k8s.io/v1alpha1")
        .withCommand("scw")
        .withArgs("k8s", "exec-credential");
  }

  void run(ExecConfig execConfig) {
    execConfig.setApiVersion("client.authentication.k8s.io/v1alpha1");
    ExecCredential c = run(execConfig);
  }

  void set(ExecConfig execConfig) {
    execConfig.setApiVersion("client.authentication.k8s.io/v1alpha1");
    execConfig.setCommand("heptio-authenticator-aws");
    execConfig.setArgs(List.of("token", "-i", name));
  }

  String text(String name) {
    return String.join("\n",
        "    exec:",
        "      apiVersion: client.authentication.k8s.io/v1alpha1",
        "      command: aws",
        "      args:",
        "      - eks",
        "      - get-token",
        "      - " + name);
  }

  Map<String, Object> map() {
    Map<String, Object> m = new HashMap<>();
    m.put("apiVersion", "client.authentication.k8s.io/v1alpha1");
    m.put("command", "oc");
    m.put("args", Arrays.asList("get-token"));
    return m;
  }
}
