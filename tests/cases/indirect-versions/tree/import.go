package a

import "k8s.io/client-go/pkg/apis/clientauthentication/v1alpha1"

var e = &api.ExecConfig{
	APIVersion: v1alpha1.SchemeGroupVersion.String(),
}
