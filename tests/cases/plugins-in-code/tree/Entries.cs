static class Entries
{
    static JToken Initialiser(string name)
    {
        var exec = new Dictionary<string, object>
        {
            { "apiVersion", "client.authentication.k8s.io/v1alpha1" },
            { "command", "heptio-authenticator-aws" },
            { "args", new[] { "token", "-i", name } },
        };
        return JToken.FromObject(exec);
    }

    static JObject Dense() => Wrap(new Dictionary<string, string> { { "command", "scw" }, { "apiVersion", "client.authentication.k8s.io/v1alpha1" } });

    static JObject Calls(string name)
    {
        return jsonObject(
            jsonProperty("apiVersion", "client.authentication.k8s.io/v1alpha1"),
            jsonProperty("command", "heptio-authenticator-aws"),
            jsonProperty("args", jsonArray("token", "-i", name)));
    }

    static JObject Line() => jsonObject(jsonProperty("apiVersion", "client.authentication.k8s.io/v1alpha1"), jsonProperty("command", "heptio-authenticator-aws"));

    static void Objects(JObject one, JObject other)
    {
        one.Property("apiVersion", "client.authentication.k8s.io/v1alpha1");
        other.Property("command", "heptio-authenticator-aws");
    }
}
