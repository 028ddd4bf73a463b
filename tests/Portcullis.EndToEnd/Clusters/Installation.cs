using System.Text.Json.Nodes;
using Portcullis.Objects.Yaml;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;

namespace Portcullis.EndToEnd.Clusters;

/// <summary>
/// config/ in a test cluster, with the CRDs that the operator brings, but for its workloads, whose work processes of the test do; and kubeconfigs with the ServiceAccounts'
/// own tokens, so that operator and agent may what config/rbac gives them and nothing else.
/// </summary>
internal sealed class Installation(TestCluster cluster)
{
    public const string Namespace = "portcullis-system";
    private static readonly string[] Workloads = ["Deployment", "DaemonSet"];

    public static async Task<Installation> ApplyAsync(TestCluster cluster)
    {
        foreach (var value in Everything().Concat(Definitions()).Where(m => !Workloads.Contains(m["kind"]!.GetValue<string>())))
        {
            await cluster.ApplyAsync(value);
        }

        return new Installation(cluster);
    }

    /// <summary>crds/.</summary>
    public static IEnumerable<JsonObject> Definitions() => Read(RepositoryFolder.Combine("crds"));

    /// <summary>What the kustomization names, in its order.</summary>
    public static IEnumerable<JsonObject> Everything() => Read(RepositoryFolder.Combine("config"));

    public Task<string> OperatorKubeconfigAsync(string path, Uri server) => KubeconfigAsync("portcullis-operator", null, path, server);

    public Task<string> GatewayKubeconfigAsync(string path, Uri server) => KubeconfigAsync("portcullis-gateway", null, path, server);

    /// <summary>Bound to the Node, as the token of a pod on it is; the Node must be there.</summary>
    public Task<string> AgentKubeconfigAsync(string node, string path, Uri server) => KubeconfigAsync(
        "portcullis-agent", new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = node }, path, server);

    /// <summary>As a pod of that account finds it in its folder.</summary>
    public async Task<string> TokenAsync(string account, JsonObject? boundTo = null)
    {
        var spec = new JsonObject { ["expirationSeconds"] = 7200 };
        if (boundTo is not null)
        {
            spec["boundObjectRef"] = boundTo;
        }

        var answer = await cluster.Client.PostAsync(
            $"/api/v1/namespaces/{Namespace}/serviceaccounts/{account}/token",
            new JsonObject { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenRequest", ["spec"] = spec },
            CancellationToken.None);
        return answer["status"]!["token"]!.GetValue<string>();
    }

    private async Task<string> KubeconfigAsync(string account, JsonObject? boundTo, string path, Uri server)
    {
        var token = await TokenAsync(account, boundTo);
        await File.WriteAllTextAsync(path, $"""
            apiVersion: v1
            kind: Config
            clusters:
              - name: test
                cluster:
                  server: {server.AbsoluteUri.TrimEnd('/')}
            users:
              - name: test
                user:
                  token: {token}
            contexts:
              - name: test
                context:
                  cluster: test
                  user: test
            current-context: test

            """);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    private static IEnumerable<JsonObject> Read(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, "kustomization.yaml") : path;
        foreach (var value in KubernetesYaml.Read(File.ReadAllBytes(file)).Documents.Select(d => d.Root).OfType<JsonObject>())
        {
            if (value["kind"]?.GetValue<string>() != "Kustomization")
            {
                yield return value;
                continue;
            }

            var folder = Path.GetDirectoryName(file)!;
            foreach (var below in value["resources"]!.AsArray().SelectMany(r => Read(Path.Combine(folder, r!.GetValue<string>()))))
            {
                yield return below;
            }
        }
    }
}
