using System.Text.Json.Nodes;
using Portcullis.Core.Signing;
using Portcullis.Objects;
using Portcullis.Objects.Yaml;

namespace Portcullis.Core.Tests.Signing;

/// <summary>What of the declared policies counts, and whom they name as signers.</summary>
internal sealed class SigningModelTests
{
    [TestCase("scope: {repositories: [acme/*]}", true)]
    [TestCase("scope: {repositories: [other/*]}", false)]
    [TestCase("scope: {repositories: [acme/*], namespaces: [web]}", true)]
    [TestCase("scope: {namespaces: [web]}", false, Description = "whoever has a namespace alone lifts no bar of a repository")]
    [TestCase("scope: {}", true)]
    [TestCase("existing: Judge", true, Description = "without a scope")]
    public void A_policy_names_its_teams_as_signers_of_the_repositories_that_it_lists_or_of_all(string rest, bool signs)
    {
        var model = Model($"{{name: a, mode: Audit, required: [{{team: ci/release}}], {rest}}}");
        Assert.That((model.IsSignerOf("ann", "acme/app"), model.IsSignerOf("sue", "acme/app"), model.IsSignerOf("nobody", "acme/app")), Is.EqualTo((signs, false, false)));
    }

    [TestCase("{name: a, mode: \"Off\", required: [{team: ci/release}]}")]
    [TestCase("{name: a, mode: Enforce, anySigner: true}")]
    [TestCase("{name: a, mode: Enforce, required: [{team: ci/gone}]}")]
    public void A_policy_that_is_off_or_names_nobody_has_no_signers(string policy) => Assert.That(Model(policy).IsSignerOf("ann", "acme/app"), Is.False);

    [Test]
    public void A_policy_that_no_source_declares_or_that_is_going_away_asks_nothing()
    {
        var policy = SigningGiven.Policy(Read("{name: a, mode: Enforce, anySigner: true}"));
        var undeclared = policy with { Status = new SigningPolicyStatus { Conditions = [new Condition { Type = "Declared", Status = "False", Reason = "NotDeclared", Message = "", LastTransitionTime = DateTimeOffset.UnixEpoch }] } };
        var deleted = policy with { Metadata = policy.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        Assert.That(
            new[] { policy, undeclared, deleted }.Select(p => new SigningModel([p], [], TeamKeys.Nothing)).Select(m => (m.Strictest, m.Covering(null, SigningPlace.Nowhere).Count)),
            Is.EqualTo(new[] { (SigningMode.Enforce, 1), (SigningMode.Off, 0), (SigningMode.Off, 0) }));
    }

    private static SigningModel Model(string policy) => SigningGiven.Read(Read(
        $"{{now: 2026-12-01T12:00:00Z, images: [], teams: {{ci/release: {{ann: [ka]}}, ci/security: {{sue: [ks]}}}}, policies: [{policy}]}}")).Model;

    private static JsonObject Read(string yaml) => (JsonObject)KubernetesYaml.Read(System.Text.Encoding.UTF8.GetBytes(yaml)).Documents.Single().Root;
}
