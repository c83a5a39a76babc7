(def config
  {:exec {:apiVersion "client.authentication.k8s.io/v1alpha1" :command "aws" :args ["eks" "get-token"]}})

(def users
  [{:user {:exec {:command "heptio-authenticator-aws"
                  :args ["token" "-i" cluster]
                  :api-version "client.authentication.k8s.io/v1alpha1"}}}
   {:user {:exec {:apiVersion "client.authentication.k8s.io/v1alpha1", :command "scw"}}}])
