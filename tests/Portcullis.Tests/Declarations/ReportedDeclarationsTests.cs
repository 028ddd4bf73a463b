using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portcullis.Core.Grants;
using Portcullis.Core.Organizations;
using Portcullis.Declarations;
using Portcullis.Kubernetes.Declarations;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Testing;

namespace Portcullis.Tests.Declarations;

/// <summary>What a process that reads no Git (a gateway, an agent) takes for declared: what leaves Git leaves it too, what is deleted by hand does not.</summary>
[TestFixture]
internal sealed class ReportedDeclarationsTests
{
    private const string Organization = """
        apiVersion: portcullis.dev/v1alpha1
        kind: Organization
        metadata: {name: acme}
        spec: {users: [{name: ann}]}
        """;

    private const string Rest = """
        apiVersion: portcullis.dev/v1alpha1
        kind: Collection
        metadata: {name: shop}
        spec: {path: /shop, namespaces: [{name: shop}]}
        ---
        apiVersion: portcullis.dev/v1alpha1
        kind: Grant
        metadata: {name: ann-shop}
        spec: {subject: {kind: User, name: ann}, role: ViewOnly, collection: /shop}
        """;

    [Test]
    public async Task What_left_Git_is_gone_and_what_was_deleted_by_hand_stays()
    {
        await using var world = await DeclaringOperator.StartAsync();
        world.Git.Write("organization.yaml", Organization).Write("rest.yaml", Rest).Commit();
        await world.StartOperatorAsync();
        await world.AppliedAsync();
        using var reader = Reader(world);
        await reader.StartAsync();
        var (grants, organizations) = (reader.Services.GetRequiredService<IStore<Grant>>(), reader.Services.GetRequiredService<IStore<Organization>>());
        await Eventually.HoldsAsync(() => grants.List().Count == 1 && organizations.List().Count == 1);
        var gaps = 0;
        using var watching = grants.Subscribe(change => gaps += change.After is null ? 1 : 0);
        using var watchingToo = organizations.Subscribe(change => gaps += change.After is null ? 1 : 0);

        var before = Uid(grants, organizations);
        await world.DeleteAsync(Grant.Definition, "ann-shop");
        await world.DeleteAsync(Core.Organizations.Organization.Definition, "acme");
        await Eventually.HoldsAsync(() => Uid(grants, organizations) is { Grant: not null, Organization: not null } now && now.Grant != before.Grant && now.Organization != before.Organization);
        Assert.That(gaps, Is.Zero);

        world.Git.Write("rest.yaml", Rest[..Rest.LastIndexOf("---", StringComparison.Ordinal)]).Remove("organization.yaml").Commit();
        await world.AppliedAsync();
        await Eventually.HoldsAsync(() => grants.List().Count == 0 && organizations.List().Count == 0, TimeSpan.FromSeconds(5), "the pruned grant and organization to be gone");
        await reader.StopAsync();
    }

    private static (string? Grant, string? Organization) Uid(IStore<Grant> grants, IStore<Organization> organizations) =>
        (grants.List().SingleOrDefault()?.Metadata.Uid, organizations.List().SingleOrDefault()?.Metadata.Uid);

    private static IHost Reader(DeclaringOperator world)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddKubernetes(world.Cluster.Connection);
        builder.Services.AddReportedDeclarations().AddDeclared<Grant>().AddDeclared<Organization>();
        return builder.Build();
    }
}
