using Portcullis.Objects;
using Portcullis.Objects.Json;

namespace Portcullis.Tests.Sources;

/// <summary>Kinds that are not ours are judged by the server before anything is written.</summary>
internal sealed class ServerValidationTests
{
    private const string Deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
          namespace: work
        spec:
          selector:
            matchLabels: {app: web}
          template:
            metadata:
              labels: {app: web}
            spec:
              containers:
              - name: web
                image: nginx

        """;

    private const string Policy = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: inward
          namespace: work
        spec:
          podSelector: {}
          ingress:
          - from:
            - namespaceSelector: {}

        """;

    private static readonly ApiResource Deployments = new("apps", "v1", "Deployment", "deployments", true);

    private SourceWorld _world = null!;

    [SetUp]
    public async Task SetUp() => _world = await SourceWorld.StartAsync();

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public async Task An_invalid_deployment_keeps_the_whole_revision_out()
    {
        await _world.SourceAsync();
        var good = _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await _world.ReadyAsync(good);
        var bad = _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2"))
            .Write("new.yaml", SourceWorld.ConfigMap("new"))
            .Write("web.yaml", Deployment.Replace("labels: {app: web}", "labels: {app: other}", StringComparison.Ordinal)).Commit();

        var source = await _world.StatusAsync(s => s.Status!.LastAttemptedRevision == $"main@sha1:{bad}");

        var problem = source.Status!.Problems!.Single();
        Assert.Multiple(async () =>
        {
            Assert.That(problem.File, Is.EqualTo("web.yaml:11"));
            Assert.That(problem.Message, Does.StartWith("Deployment work/web: spec.template.metadata.labels: Invalid value"));
            Assert.That(SourceWorld.Ready(source)!.Reason, Is.EqualTo("InvalidRevision"));
            Assert.That(source.Status.InForceRevision, Is.EqualTo($"main@sha1:{good}"));
            Assert.That((await _world.ConfigMapAsync("a")).Object("data").String("key"), Is.EqualTo("1"));
            Assert.That(await _world.ConfigMapAsync("new"), Is.Null);
            Assert.That(await _world.Client.GetAsync(Deployments, new ObjectKey("work", "web"), default), Is.Null);
        });

        await _world.ReadyAsync(_world.Git.Write("web.yaml", Deployment).Commit());
        Assert.That(await _world.Client.GetAsync(Deployments, new ObjectKey("work", "web"), default), Is.Not.Null);
    }

    [Test]
    public async Task A_field_that_the_kind_does_not_have_is_told_with_its_line()
    {
        await _world.SourceAsync();
        var bad = _world.Git.Write("policy.yaml", "# inward only\n" + Policy.Replace("  ingress:", "  ingres:", StringComparison.Ordinal))
            .Write("web.yaml", Deployment.Replace("image: nginx", "image: [nginx]", StringComparison.Ordinal)).Commit();

        var source = await _world.StatusAsync(s => s.Status!.LastAttemptedRevision == $"main@sha1:{bad}");

        Assert.That(source.Status!.Problems!.Select(p => p.File), Is.EqualTo(new[] { "policy.yaml:9", "web.yaml:15" }));
        Assert.That(source.Status.Problems![0].Message, Does.StartWith("NetworkPolicy work/inward: spec.ingres: "));
    }

    [Test]
    public async Task An_object_in_a_namespace_that_the_revision_makes_is_judged_as_well()
    {
        await _world.SourceAsync();
        const string Shop = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---\n";
        var web = Shop + Deployment.Replace("namespace: work", "namespace: shop", StringComparison.Ordinal);
        var bad = _world.Git.Write("web.yaml", web.Replace("image: nginx", "imag: nginx", StringComparison.Ordinal)).Commit();

        var source = await _world.StatusAsync(s => s.Status!.LastAttemptedRevision == $"main@sha1:{bad}");

        Assert.That(source.Status!.Problems!.Select(p => p.File), Is.All.EqualTo("web.yaml:19"));
        Assert.That(source.Status.Problems!.Select(p => p.Message), Has.Some.StartsWith("Deployment shop/web: spec.template.spec.containers[0].imag"));
        await _world.ReadyAsync(_world.Git.Write("web.yaml", web).Commit());
        Assert.That(await _world.Client.GetAsync(Deployments, new ObjectKey("shop", "web"), default), Is.Not.Null);
        Assert.That(await _world.Client.GetAsync(Deployments, new ObjectKey("portcullis-system", "web"), default), Is.Null);
    }

    [Test]
    public async Task Only_what_changed_is_tried()
    {
        await _world.SourceAsync();
        await _world.ReadyAsync(_world.Git.Write("web.yaml", Deployment).Write("policy.yaml", Policy).Commit());
        _world.ForgetWrites();

        await _world.ReadyAsync(_world.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit());
        Assert.That(_world.Writes.Where(w => !w.Contains("/portcullis.dev/", StringComparison.Ordinal)), Is.EqualTo(new[] { "PATCH /api/v1/namespaces/work/configmaps/a" }));

        _world.ForgetWrites();
        await _world.ReadyAsync(_world.Git.Write("web.yaml", Deployment.Replace("image: nginx", "image: caddy", StringComparison.Ordinal)).Commit());
        Assert.That(
            _world.Writes.Where(w => !w.Contains("/portcullis.dev/", StringComparison.Ordinal)).Distinct(),
            Is.EqualTo(new[] { "PATCH /apis/apps/v1/namespaces/work/deployments/web" }));
    }
}
