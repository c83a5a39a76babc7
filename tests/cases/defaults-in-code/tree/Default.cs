var apiVersion = Environment.GetEnvironmentVariable("V") ?? "client.authentication.k8s.io/v1alpha1";
var chosen = new Exec { ApiVersion = old ? "client.authentication.k8s.io/v1alpha1" : "client.authentication.k8s.io/v1beta1" };
