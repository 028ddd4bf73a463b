using Portcullis.Core;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing;

namespace Portcullis.Tests.Sources;

/// <summary>Kinds that are not ours are judged by the server before anything is written.</summary>
internal sealed class ServerValidationTests : SourceWorldFixture
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

    private const string Definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: gauges.gaps.example.com
        spec:
          group: gaps.example.com
          scope: Namespaced
          names: {plural: gauges, kind: Gauge}
          versions:
          - name: v1
            served: true
            storage: true
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    x-kubernetes-validations:
                    - {rule: self.low <= self.high, message: low is at most high}
                    required: [low, high]
                    properties:
                      low: {type: integer}
                      high: {type: integer}

        """;

    private const string Gauge = """
        apiVersion: gaps.example.com/v1
        kind: Gauge
        metadata:
          name: steam
          namespace: work
        spec:
          low: 1
          high: 2

        """;

    private static readonly ApiResource Gauges = new("gaps.example.com", "v1", "Gauge", "gauges", true);
    private static readonly ApiResource Deployments = new("apps", "v1", "Deployment", "deployments", true);

    [Test]
    public async Task An_invalid_deployment_keeps_the_whole_revision_out()
    {
        await World.SourceAsync();
        var good = World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await World.ReadyAsync(good);
        var bad = World.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2"))
            .Write("new.yaml", SourceWorld.ConfigMap("new"))
            .Write("web.yaml", Deployment.Replace("labels: {app: web}", "labels: {app: other}", StringComparison.Ordinal)).Commit();

        var source = await World.StatusAsync(s => s.Status!.LastAttemptedRevision == $"main@sha1:{bad}");

        var problem = source.Status!.Problems!.Single();
        Assert.Multiple(async () =>
        {
            Assert.That(problem.File, Is.EqualTo("web.yaml:11"));
            Assert.That(problem.Message, Does.StartWith("Deployment work/web: spec.template.metadata.labels: Invalid value"));
            Assert.That(SourceWorld.Ready(source)!.Reason, Is.EqualTo("InvalidRevision"));
            Assert.That(source.Status.InForceRevision, Is.EqualTo($"main@sha1:{good}"));
            Assert.That((await World.ConfigMapAsync("a")).Object("data").String("key"), Is.EqualTo("1"));
            Assert.That(await World.ConfigMapAsync("new"), Is.Null);
            Assert.That(await World.Client.GetAsync(Deployments, new ObjectKey("work", "web"), default), Is.Null);
        });

        await World.ReadyAsync(World.Git.Write("web.yaml", Deployment).Commit());
        Assert.That(await World.Client.GetAsync(Deployments, new ObjectKey("work", "web"), default), Is.Not.Null);
    }

    [Test]
    public async Task A_kind_that_was_there_once_is_there_no_longer()
    {
        await World.SourceAsync();
        await World.ReadyAsync(World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Write("definition.yaml", Definition).Write("gauge.yaml", Gauge).Commit());
        await World.ReadyAsync(World.Git.Write("gauge.yaml", Gauge.Replace("low: 1", "low: 0", StringComparison.Ordinal)).Commit());
        await World.ReadyAsync(World.Git.Remove("definition.yaml").Remove("gauge.yaml").Commit());
        var definitions = Core.ClusterKinds.CustomResourceDefinition;
        await Eventually.HoldsAsync(async () => await World.Client.GetAsync(definitions, ObjectKey.Cluster("gauges.gaps.example.com"), default) is null);
        var bad = World.Git.Write("gauge.yaml", Gauge).Commit();

        var source = await World.StatusAsync(s => s.Status!.LastAttemptedRevision == $"main@sha1:{bad}");

        var problem = source.Status!.Problems!.Single();
        Assert.That((problem.File, problem.Message), Is.EqualTo(("gauge.yaml:2", "there is no kind Gauge in gaps.example.com/v1")));
    }

    [Test]
    public async Task A_field_that_the_kind_does_not_have_is_told_with_its_line()
    {
        await World.SourceAsync();
        var bad = World.Git.Write("policy.yaml", "# inward only\n" + Policy.Replace("  ingress:", "  ingres:", StringComparison.Ordinal))
            .Write("web.yaml", Deployment.Replace("image: nginx", "image: [nginx]", StringComparison.Ordinal)).Commit();

        var source = await World.StatusAsync(s => s.Status!.LastAttemptedRevision == $"main@sha1:{bad}");

        Assert.That(source.Status!.Problems!.Select(p => p.File), Is.EqualTo(new[] { "policy.yaml:9", "web.yaml:15" }));
        Assert.That(source.Status.Problems![0].Message, Does.StartWith("NetworkPolicy work/inward: spec.ingres: "));
    }

    [Test]
    public async Task An_object_in_a_namespace_that_the_revision_makes_is_judged_as_well()
    {
        await World.SourceAsync();
        const string Shop = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---\n";
        var web = Shop + Deployment.Replace("namespace: work", "namespace: shop", StringComparison.Ordinal);
        var bad = World.Git.Write("web.yaml", web.Replace("image: nginx", "imag: nginx", StringComparison.Ordinal)).Commit();

        var source = await World.StatusAsync(s => s.Status!.LastAttemptedRevision == $"main@sha1:{bad}");

        Assert.That(source.Status!.Problems!.Select(p => p.File), Is.All.EqualTo("web.yaml:19"));
        Assert.That(source.Status.Problems!.Select(p => p.Message), Has.Some.StartsWith("Deployment shop/web: spec.template.spec.containers[0].imag"));
        await World.ReadyAsync(World.Git.Write("web.yaml", web).Commit());
        Assert.That(await World.Client.GetAsync(Deployments, new ObjectKey("shop", "web"), default), Is.Not.Null);
        Assert.That(await World.Client.GetAsync(Deployments, new ObjectKey("portcullis-system", "web"), default), Is.Null);
    }

    [Test]
    public async Task Only_what_changed_is_tried()
    {
        await World.SourceAsync();
        await World.ReadyAsync(World.Git.Write("web.yaml", Deployment).Write("policy.yaml", Policy).Commit());
        World.ForgetWrites();

        await World.ReadyAsync(World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit());
        Assert.That(World.Writes.Where(w => !w.Contains("/portcullis.dev/", StringComparison.Ordinal)), Is.EqualTo(new[] { "PATCH /api/v1/namespaces/work/configmaps/a" }));

        World.ForgetWrites();
        await World.ReadyAsync(World.Git.Write("web.yaml", Deployment.Replace("image: nginx", "image: caddy", StringComparison.Ordinal)).Commit());
        Assert.That(
            World.Writes.Where(w => !w.Contains("/portcullis.dev/", StringComparison.Ordinal)).Distinct(),
            Is.EqualTo(new[] { "PATCH /apis/apps/v1/namespaces/work/deployments/web" }));
    }

    [Test]
    public async Task An_object_of_a_kind_that_the_revision_brings_is_judged_before_the_first_write()
    {
        await World.SourceAsync();
        await World.ReadyAsync(World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit());
        var bad = World.Git.Write("crd.yaml", Definition).Write("gauge.yaml", Gauge.Replace("low: 1", "low: 3", StringComparison.Ordinal))
            .Write("other.yaml", Gauge.Replace("steam", "water", StringComparison.Ordinal).Replace("high: 2", "hight: 2", StringComparison.Ordinal)).Commit();

        var source = await World.StatusAsync(s => s.Status!.LastAttemptedRevision == $"main@sha1:{bad}" && SourceWorld.Ready(s)?.Status == "False");

        Assert.That(SourceWorld.Ready(source)!.Reason, Is.EqualTo("InvalidRevision"));
        Assert.That(source.Status!.Problems!.Select(p => $"{p.File}: {p.Message}"), Is.EqualTo(new[]
        {
            "gauge.yaml:6: Gauge work/steam: spec: Invalid value: low is at most high",
            "other.yaml:6: Gauge work/water: spec.high: Required value",
            "other.yaml:8: Gauge work/water: spec.hight: unknown field; did you mean high?",
        }));
        Assert.That(await World.Client.GetAsync(ClusterKinds.CustomResourceDefinition, ObjectKey.Cluster("gauges.gaps.example.com"), default), Is.Null);

        await World.ReadyAsync(World.Git.Write("gauge.yaml", Gauge).Remove("other.yaml").Commit());
        Assert.That(await World.Client.GetAsync(Gauges, new ObjectKey("work", "steam"), default), Is.Not.Null);
    }

    [Test]
    public async Task A_definition_that_is_wrong_is_told_by_itself()
    {
        await World.SourceAsync();
        var bad = World.Git.Write("crd.yaml", Definition.Replace("self.low <=", "self.lwo <=", StringComparison.Ordinal)).Write("gauge.yaml", Gauge).Commit();

        var source = await World.StatusAsync(s => s.Status!.LastAttemptedRevision == $"main@sha1:{bad}" && SourceWorld.Ready(s)?.Status == "False");

        var problem = source.Status!.Problems!.Single();
        Assert.That(problem.File, Is.EqualTo("crd.yaml:20"));
        Assert.That(problem.Message, Does.EndWith("x-kubernetes-validations[0].rule: Invalid value: \"self.lwo <= self.high\": compilation failed: at 1:5: undefined field 'lwo'"));
    }

    /// <summary>The server would judge by the definition that it still has.</summary>
    [Test]
    public async Task A_definition_and_an_object_that_uses_what_is_new_in_it_come_in_one_commit()
    {
        await World.SourceAsync();
        await World.ReadyAsync(World.Git.Write("crd.yaml", Definition).Write("gauge.yaml", Gauge).Commit());

        await World.ReadyAsync(World.Git.Write("crd.yaml", Definition.Replace("      low: {", "      unit: {type: string}\n              low: {", StringComparison.Ordinal))
            .Write("gauge.yaml", Gauge + "  unit: bar\n").Commit());

        var stored = await World.Client.GetAsync(Gauges, new ObjectKey("work", "steam"), default);
        Assert.That(stored.Object("spec").String("unit"), Is.EqualTo("bar"));
    }
}
