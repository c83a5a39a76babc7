// The same thing, escaped once, twice and three times.
const one = "{\"users\": [{\"user\": {\"exec\": {\"apiVersion\": \"client.authentication.k8s.io/v1alpha1\", \"command\": \"aws\"}}}]}";
const two = "{\"config\": \"{\\\"users\\\": [{\\\"user\\\": {\\\"exec\\\": {\\\"apiVersion\\\": \\\"client.authentication.k8s.io/v1alpha1\\\", \\\"command\\\": \\\"aws\\\"}}}]}\"}";
const three = "{\"outer\": \"{\\\"config\\\": \\\"{\\\\\\\"users\\\\\\\": [{\\\\\\\"user\\\\\\\": {\\\\\\\"exec\\\\\\\": {\\\\\\\"apiVersion\\\\\\\": \\\\\\\"client.authentication.k8s.io/v1alpha1\\\\\\\", \\\\\\\"command\\\\\\\": \\\\\\\"aws\\\\\\\"}}}]}\\\"}\"}";
const compact = "{\"exec\":{\"apiVersion\":\"client.authentication.k8s.io/v1alpha1\",\"command\":\"aws\"}}";
const joined = "{\n" +
  "  \"exec\": {\n" +
  "    \"apiVersion\": \"client.authentication.k8s.io/v1alpha1\",\n" +
  "    \"command\": \"aws\"\n" +
  "  }\n" +
  "}\n";
