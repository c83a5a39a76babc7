namespace Sky
{
    public static class Kube
    {
        public const string Old = "client.authentication.k8s.io/v1alpha1";

        public static readonly string Json = @"{
  ""users"": [{""name"": ""u"", ""user"": {""exec"": {
    ""apiVersion"": ""client.authentication.k8s.io/v1alpha1"",
    ""command"": ""aws""
  }}}]
}";

        public static readonly string Raw = """
            users:
            - name: u
              user:
                exec:
                  apiVersion: client.authentication.k8s.io/v1alpha1
                  command: aws
            """;

        public static ExecArgs Exec() => new ExecArgs
        {
            ApiVersion = "client.authentication.k8s.io/v1alpha1",
            Command = "aws",
        };

        public static object Anonymous() => new { exec = new { apiVersion = "client.authentication.k8s.io/v1beta1", command = "aws" } };
    }
}
