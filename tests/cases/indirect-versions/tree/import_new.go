package a

import "k8s.io/client-go/pkg/apis/clientauthentication/v1beta1"

var e = &api.ExecConfig{
	APIVersion: v1beta1.SchemeGroupVersion.String(),
}
