using Portcullis.Kinds;
using Portcullis.Schemas.Crds;
using Portcullis.Testing.Clusters;
using Portcullis.Up;

namespace Portcullis.Tests.Up;

/// <summary>What <c>portcullis up</c> shows and waits for.</summary>
[TestFixture]
internal sealed class ResourceTableTests
{
    [Test]
    public async Task What_Git_may_declare_is_shown_and_what_the_program_writes_for_itself_is_not()
    {
        await using var cluster = await TestCluster.StartAsync();
        foreach (var kind in Catalog.Default.Kinds.All)
        {
            await cluster.ApplyAsync(CrdWriter.Crd(kind.Resource, kind.Options, kind.Type));
        }

        await cluster.ApplyAsync("{apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: shop}, spec: {path: /shop}}");
        await cluster.ApplyAsync("{apiVersion: portcullis.dev/v1alpha1, kind: TagLedger, metadata: {name: shop-0}, spec: {registry: dtr, repository: shop/web, shard: 0, entries: []}}");
        await cluster.ApplyAsync("{apiVersion: portcullis.dev/v1alpha1, kind: NodeReport, metadata: {name: one}, spec: {node: one}}");

        var rows = await new ResourceTable(cluster.Client, Catalog.Default.Kinds).ReadAsync(default);

        Assert.That(rows.Select(r => r.Title), Is.EqualTo(new[] { "Collection/shop", "NodeReport/one" }));
    }
}
