using System.Text.Json.Nodes;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Controllers;

/// <summary>What every namespace is furnished with: the ServiceAccount <c>default</c> and the server's CA in <c>kube-root-ca.crt</c>.</summary>
internal sealed class NamespaceContents(IObjectStore store, IResourceOperations operations, string caCertificatePem) : IBuiltInController
{
    private const string Account = "default";
    private const string Certificate = "kube-root-ca.crt";

    public string Name => "system:kube-controller-manager";

    public IEnumerable<string> AllKeys() => store.List(PolicyKinds.Namespace).Select(stored => stored.Key.Name);

    public IEnumerable<string> KeysFor(StoreEvent change)
    {
        var (resource, key) = (change.Object.Resource, change.Object.Key);
        return resource.Group.Length > 0 ? []
            : resource.Plural == "namespaces" && !change.IsDeletion ? [key.Name]
            : resource.Plural == "serviceaccounts" && key.Name == Account && change.IsDeletion ? [key.Namespace]
            : resource.Plural == "configmaps" && key.Name == Certificate ? [key.Namespace]
            : [];
    }

    public async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken cancellationToken)
    {
        if (store.Get(PolicyKinds.Namespace, ObjectKey.Cluster(key)) is not { } stored ||
            stored.Object.Object("metadata").String("deletionTimestamp") is not null)
        {
            return null;
        }

        if (store.Get(PolicyKinds.ConfigMap, new ObjectKey(key, Certificate)) is not { } present)
        {
            _ = await operations.CreateAsync(Name, PolicyKinds.ConfigMap, CertificateIn(key), cancellationToken);
        }
        else if (!JsonNode.DeepEquals(present.Object["data"], CertificateIn(key)["data"]))
        {
            var value = present.Object.DeepClone().AsObject();
            value["data"] = CertificateIn(key)["data"]!.DeepClone();
            _ = await operations.UpdateAsync(Name, PolicyKinds.ConfigMap, value, "", cancellationToken);
        }

        if (store.Get(PolicyKinds.ServiceAccount, new ObjectKey(key, Account)) is null)
        {
            var account = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "ServiceAccount",
                ["metadata"] = new JsonObject { ["name"] = Account, ["namespace"] = key },
            };
            _ = await operations.CreateAsync(Name, PolicyKinds.ServiceAccount, account, cancellationToken);
        }

        return null;
    }

    private JsonObject CertificateIn(string @namespace) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject
        {
            ["name"] = Certificate,
            ["namespace"] = @namespace,
            ["annotations"] = new JsonObject
            {
                ["kubernetes.io/description"] =
                    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal " +
                    "service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.",
            },
        },
        ["data"] = new JsonObject { ["ca.crt"] = caCertificatePem },
    };
}
