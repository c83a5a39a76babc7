class A {
  ExecConfig aws() {
    return new ExecConfigBuilder().withApiVersion("client.authentication.k8s.io/v1").withCommand("aws").build();
  }

  ExecConfig scw() {
    return new ExecConfigBuilder()
        .withApiVersion("client.authentication.k8s.io/v1alpha1")
        .withCommand("scw")
        .withArgs("k8s", "exec-credential")
        .build();
  }
}
