package exec

const execInfoEnv = "KUBERNETES_EXEC_INFO"

var apiVersions = map[string]schema.GroupVersion{
	"client.authentication.k8s.io/v1alpha1": clientauthenticationv1alpha1.SchemeGroupVersion,
	"client.authentication.k8s.io/v1beta1": clientauthenticationv1beta1.SchemeGroupVersion,
}
