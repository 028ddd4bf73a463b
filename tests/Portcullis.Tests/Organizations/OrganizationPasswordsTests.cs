using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Core.Organizations;
using Portcullis.Kinds;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Organizations;
using Portcullis.Schemas.Crds;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;

namespace Portcullis.Tests.Organizations;

/// <summary>What an Organization says of the Secret with its users' passwords.</summary>
internal sealed class OrganizationPasswordsTests
{
    [Test]
    public async Task A_Secret_that_cannot_be_used_is_named_until_it_can()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(CrdWriter.Crd(Organization.Definition, Organization.KindDefinition.Options, Organization.KindDefinition.Type));
        await cluster.ApplyAsync("""
            apiVersion: v1
            kind: Namespace
            metadata: {name: portcullis-system}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Organization
            metadata: {name: acme, labels: {portcullis.dev/source: root} }
            spec: {passwordsSecretRef: {name: acme-passwords}, users: [{name: zoe}] }
            """);
        using var host = await StartAsync(cluster);
        await SaysAsync(cluster, "False", "spec.passwordsSecretRef: there is no Secret acme-passwords in the namespace portcullis-system");
        await SecretAsync(cluster, "other", "zoe", "$2y$04$abcdefghijklmnopqrstuuGvS8xCmWPVFF6M1aZJcN4bYb7Yi3zUa");
        await AnnotateAsync(cluster);
        await SaysAsync(cluster, "False", "label it portcullis.dev/allowed-source=root");

        await SecretAsync(cluster, "root", "zoe", "hunter2");
        await SaysAsync(cluster, "False", "the Secret acme-passwords: the key zoe is not a bcrypt hash");
        Assert.That((await ReadyAsync(cluster)).Message, Does.Not.Contain("hunter2"));
        await SecretAsync(cluster, "root", "zoe", "$2y$04$abcdefghijklmnopqrstuuGvS8xCmWPVFF6M1aZJcN4bYb7Yi3zUa");
        await SaysAsync(cluster, "True", "1 member in 0 teams");
        await host.StopAsync();
    }

    private static async Task<IHost> StartAsync(TestCluster cluster)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddKubernetes(cluster.Connection);
        builder.Services.AddSingleton(Catalog.Default.Kinds);
        builder.Services.AddOrganizations();
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>A Secret that is not labelled for the source is not watched: an annotation has the Organization looked at again.</summary>
    private static Task<JsonObject> AnnotateAsync(TestCluster cluster) => cluster.Client.MergePatchAsync(
        Organization.Definition, ObjectKey.Cluster("acme"), JsonNode.Parse("""{"metadata":{"annotations":{"portcullis.dev/requestedAt":"1"}}}""")!.AsObject(), new Portcullis.Kubernetes.Client.WriteOptions("test"), default);

    private static Task SecretAsync(TestCluster cluster, string source, string key, string value) => cluster.ApplyAsync($$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: acme-passwords, namespace: portcullis-system, labels: {portcullis.dev/allowed-source: {{source}}} }
        stringData: {"{{key}}": "{{value}}"}
        """);

    private static Task SaysAsync(TestCluster cluster, string status, string message) => Eventually.HoldsAsync(
        async () => await ReadyAsync(cluster) is var ready && ready.Status == status && ready.Message.Contains(message, StringComparison.Ordinal), TimeSpan.FromSeconds(30), message);

    private static async Task<(string Status, string Message)> ReadyAsync(TestCluster cluster)
    {
        var conditions = (await cluster.Client.GetAsync(Organization.Definition, ObjectKey.Cluster("acme"), default)).Object("status").Array("conditions");
        var ready = (conditions ?? []).OfType<JsonObject>().FirstOrDefault(c => c.String("type") == "Ready");
        return (ready.String("status") ?? "", ready.String("message") ?? "");
    }
}
