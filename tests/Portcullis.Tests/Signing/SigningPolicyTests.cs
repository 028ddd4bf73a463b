using Portcullis.Core.Signing;

namespace Portcullis.Tests.Signing;

/// <summary>What a policy does in a cluster.</summary>
[TestFixture]
internal sealed class SigningPolicyTests
{
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private SigningWorld _world = null!;

    [SetUp]
    public async Task StartAsync() => _world = await SigningWorld.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _world.DisposeAsync();

    [Test]
    public async Task Without_a_policy_nothing_is_asked_of_any_image()
    {
        var decision = await _world.DecideAsync("nginx", "web");
        Assert.That((decision.MayRun, decision.Pinned, _world.Admission.Strictest, _world.Verifier.Asked), Is.EqualTo((true, (string?)null, SigningMode.Off, 0)));
    }

    [Test]
    public async Task An_image_runs_by_its_digest_once_the_team_has_signed_it_and_not_when_the_key_is_gone()
    {
        await _world.DeclareAsync("production", "mode: Enforce, required: [{team: ci/release}]");
        var before = await _world.DecideAsync($"{SigningWorld.Host}/acme/app:1", "web");
        _world.Verifier.Sign("acme/app", "1", Digest, "targets/ci", _world.Anns.Id);
        var signed = await _world.DecideAsync($"{SigningWorld.Host}/acme/app:1", "web");
        await _world.DeclareTeamAsync(new UserKey(), _world.Bobs);
        await Testing.Eventually.HoldsAsync(async () => !(await _world.DecideAsync($"{SigningWorld.Host}/acme/app:1", "web")).MayRun);
        Assert.That((before.MayRun, signed.MayRun, signed.Pinned), Is.EqualTo((false, true, Digest)));
    }

    [Test]
    public async Task The_images_of_an_object_are_judged_together_and_a_repository_is_asked_once()
    {
        await _world.DeclareAsync("production", "mode: Enforce, required: [{team: ci/release}]");
        _world.Verifier.Sign("acme/app", "1", Digest, "targets/ci", _world.Anns.Id);
        var (asked, afresh) = (_world.Verifier.Asked, _world.Verifier.AskedAfresh);
        var decided = await _world.Admission.DecideAsync(
            [$"{SigningWorld.Host}/acme/app:1", $"{SigningWorld.Host}/acme/app:2", $"{SigningWorld.Host}/acme/app:1", "quay.io/acme/app:1", "Not An Image"], "web", default);
        Assert.Multiple(() =>
        {
            Assert.That(decided.Images.Select(i => i.MayRun), Is.EqualTo(new[] { true, false, true, false, false }));
            Assert.That(decided.Refusal, Is.EqualTo(
                $"one or more images do not meet the required signing policy: [{SigningWorld.Host}/acme/app:2, quay.io/acme/app:1, Not An Image]; "
                + $"additional error messages: [image or trust data does not exist for {SigningWorld.Host}/acme/app:2, quay.io must be a registered trusted registry, \"Not An Image\" is not the name of an image]"));
            Assert.That((_world.Verifier.Asked - asked, _world.Verifier.AskedAfresh - afresh), Is.EqualTo((1, 1)));
        });
    }

    [Test]
    public async Task What_was_signed_a_moment_ago_is_found_and_what_is_known_to_be_signed_is_not_asked_for_again()
    {
        await _world.DeclareAsync("production", "mode: Enforce, required: [{team: ci/release}]");
        _world.Verifier.Keeps = true;
        var before = await _world.DecideAsync($"{SigningWorld.Host}/acme/app:1", "web");
        _world.Verifier.Sign("acme/app", "1", Digest, "targets/ci", _world.Anns.Id);
        var signed = await _world.DecideAsync($"{SigningWorld.Host}/acme/app:1", "web");
        var afresh = _world.Verifier.AskedAfresh;
        var again = await _world.DecideAsync($"{SigningWorld.Host}/acme/app:1", "web");
        Assert.That((before.MayRun, signed.MayRun, again.MayRun, _world.Verifier.AskedAfresh - afresh), Is.EqualTo((false, true, true, 0)));
    }

    [Test]
    public async Task A_policy_for_a_collection_holds_in_its_namespaces()
    {
        await _world.Cluster.ApplyAsync("""
            apiVersion: portcullis.dev/v1alpha1
            kind: Collection
            metadata: {name: production}
            spec: {path: /production, namespaces: [{name: web, mode: Adopt}]}
            """);
        await _world.DeclareAsync("production", "mode: Enforce, required: [{team: ci/release}], scope: {collections: [/production]}");
        await Testing.Eventually.HoldsAsync(async () => !(await _world.DecideAsync("nginx", "web")).MayRun);
        Assert.That((await _world.DecideAsync("nginx", "batch")).Mode, Is.EqualTo(SigningMode.Off));
    }

    [Test]
    public async Task The_status_lists_what_runs_and_would_be_refused_before_the_policy_is_enforced()
    {
        _world.Verifier.Sign("acme/app", "1", Digest, "targets/ci", _world.Anns.Id);
        await _world.Cluster.ApplyAsync($$"""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: signed, namespace: web}
            spec: {selector: {matchLabels: {a: b} }, template: {metadata: {labels: {a: b} }, spec: {containers: [{name: c, image: "{{SigningWorld.Host}}/acme/app:1"}]} } }
            ---
            apiVersion: batch/v1
            kind: CronJob
            metadata: {name: nightly, namespace: batch}
            spec: {schedule: "0 3 * * *", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, initContainers: [{name: i, image: "{{SigningWorld.Host}}/acme/app:1"}], containers: [{name: c, image: "nginx:1"}]} } } } }
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: made, namespace: web, ownerReferences: [{apiVersion: example.com/v1, kind: Rollout, name: r, uid: "1", controller: true}]}
            spec: {containers: [{name: c, image: "{{SigningWorld.Host}}/acme/app:1"}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: alone, namespace: web}
            spec: {containers: [{name: c, image: "{{SigningWorld.Host}}/acme/app:2"}]}
            """);
        await _world.DeclareAsync("production", "mode: Audit, required: [{team: ci/release}]");
        var audited = (await _world.UntilAsync("production", s => s.Impact is not null)).Status!;
        await _world.DeclareAsync("production", "mode: Enforce, required: [{team: ci/release}], scope: {namespaces: [web]}");
        var enforced = (await _world.UntilAsync("production", s => s.EnforcedSince is not null)).Status!;
        await _world.EventAsync("production", "CronJob batch/nightly would be refused if the policy were enforced: docker.io must be a registered trusted registry");
        Assert.Multiple(() =>
        {
            Assert.That((audited.Impact!.Workloads, audited.Impact.Refused, audited.Impact.Images, audited.EnforcedSince), Is.EqualTo((4, 2, 3, (DateTimeOffset?)null)));
            Assert.That(audited.Impact.Refusals!.Select(r => (r.Workload, r.Image)), Is.EqualTo(new[] { ("CronJob batch/nightly", "nginx:1"), ("Pod web/alone", $"{SigningWorld.Host}/acme/app:2") }));
            Assert.That((enforced.Impact!.Workloads, enforced.Impact.Refused), Is.EqualTo((3, 1)));
            Assert.That(enforced.Teams!.Single(), Is.EqualTo(new SigningTeamStatus { Team = "ci/release", Threshold = 1, Members = 2, WithKeys = 2 }));
        });
    }

    [Test]
    public async Task The_status_lists_names_that_cannot_be_read_wherever_they_would_be_refused()
    {
        await _world.Cluster.ApplyAsync("""
            apiVersion: v1
            kind: Pod
            metadata: {name: alone, namespace: web}
            spec: {containers: [{name: c, image: "sha256:aaaa"}, {name: d, image: "nginx:1"}]}
            """);
        await _world.DeclareAsync("production", "mode: Audit, required: [{team: ci/release}], scope: {repositories: [\"acme/*\"]}");
        var impact = (await _world.UntilAsync("production", s => s.Impact is not null)).Status!.Impact!;
        Assert.That(impact.Refusals!.Select(r => (r.Workload, r.Image, r.Reason)), Is.EqualTo(new[] { ("Pod web/alone", "sha256:aaaa", "\"sha256:aaaa\" is not the name of an image") }));
    }

    [Test]
    public async Task A_team_that_cannot_sign_stalls_the_policy()
    {
        await _world.DeclareAsync("production", "mode: Enforce, required: [{team: ci/release, threshold: 3}]");
        var policy = await _world.UntilAsync("production", s => s.Conditions?.Any(c => c is { Type: "Stalled", Status: "True" }) == true);
        Assert.That(policy.Status!.Conditions!.Single(c => c.Type == "Ready").Message, Does.Contain("2 of 2 members of ci/release have a public key that can sign, and 3 must sign"));
    }

    [Test]
    public async Task A_policy_that_is_off_looks_at_nothing()
    {
        await _world.DeclareAsync("production", "mode: \"Off\", required: [{team: ci/release}]");
        await _world.UntilAsync("production", s => s.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) == true);
        Assert.That(((await _world.DecideAsync("nginx", "web")).Mode, _world.Verifier.Asked), Is.EqualTo((SigningMode.Off, 0)));
    }
}
