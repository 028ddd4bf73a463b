using k8s;
using k8s.Models;
using Portcullis.Testing.Clusters;
using KubernetesSdk = k8s.Kubernetes;

namespace Portcullis.ApiServer.Tests.SecondClient;

/// <summary>
/// The API as KubernetesClient sees it: a client that others wrote for real servers, over TLS and with the kubeconfig that users get.
/// Every test works in a namespace of its own.
/// </summary>
internal abstract class SecondClientFixture
{
    protected TestCluster Cluster { get; private set; } = null!;

    protected KubernetesSdk Client { get; private set; } = null!;

    protected string Namespace { get; private set; } = "";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Cluster = await TestCluster.StartAsync();
        Client = ClientOf(Cluster.KubeconfigPath);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        Client?.Dispose();
        await Cluster.DisposeAsync();
    }

    [SetUp]
    public Task MakeNamespaceAsync()
    {
        Namespace = $"second-{Guid.NewGuid():N}"[..20];
        return Cluster.ApplyAsync($"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {Namespace}}}\n");
    }

    protected static KubernetesSdk ClientOf(string kubeconfig) => new(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig));

    protected Task<V1ConfigMap> CreateAsync(string name, string value = "1") => Client.CoreV1.CreateNamespacedConfigMapAsync(
        new V1ConfigMap
        {
            Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { ["test"] = "yes" } },
            Data = new Dictionary<string, string> { ["key"] = value },
        },
        Namespace);
}
