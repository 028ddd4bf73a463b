using System.Text.Json.Nodes;
using Portcullis.Core.Signing;
using Portcullis.Objects.Yaml;

namespace Portcullis.Core.Tests.Signing;

/// <summary>Whose signatures criteria see.</summary>
internal sealed class SignedTeamsTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly TeamKeys Teams = SigningGiven.Read((JsonObject)KubernetesYaml.Read(
        "{now: 2026-12-01T12:00:00Z, images: [], teams: {ci/release: {ann: [ka]}, ci/all: {ann: [ka], bob: [kb]}, ci/security: {sue: [ks]}}}"u8.ToArray()).Documents.Single().Root).Model.Teams;

    [Test]
    public void Every_team_of_a_signer_has_signed_whatever_the_tag() => Assert.Multiple(() =>
    {
        Assert.That(Of(Signed(Target("targets/ci", "1", "a", "ka"), Target("targets/x", "2", "b", "ks")), "a"), Is.EqualTo(new[] { "ci/all", "ci/release" }));
        Assert.That(Of(Signed(Target("targets/ci", "1", "a", "kb"), Target("targets/deep/er", "2", "a", "ks")), "a"), Is.EqualTo(new[] { "ci/all", "ci/security" }));
    });

    [TestCase("targets")]
    [TestCase("targets/releases")]
    public void Plain_targets_and_releases_are_nobodys_signature(string role) => Assert.That(Of(Signed(Target(role, "1", "a", "ka")), "a"), Is.Empty);

    [Test]
    public void Another_digest_and_another_key_are_not_signed() => Assert.That(Of(Signed(Target("targets/ci", "1", "b", "ka"), Target("targets/ci", "2", "a", "kx")), "a"), Is.Empty);

    [Test]
    public void A_repository_without_trust_data_is_signed_by_nobody() => Assert.That(Of(new TrustFinding.Absent("nothing"), "a"), Is.Empty);

    [Test]
    public void What_cannot_be_verified_is_not_known() => Assert.Multiple(() =>
    {
        Assert.That(Of(new TrustFinding.Unreachable("away"), "a"), Is.Null);
        Assert.That(Of(new TrustFinding.Rejected("damaged"), "a"), Is.Null);
        Assert.That(Of(new TrustFinding.Verified(new RepositoryTrust([Target("targets/ci", "1", "a", "ka")], [], Now)), "a"), Is.Null, "expired");
        Assert.That(SignedTeams.Of([], SigningGiven.Digest("a"), Teams, Now), Is.Null, "without a verifier");
    });

    private static IReadOnlyList<string>? Of(TrustFinding finding, string digest) => SignedTeams.Of([finding], SigningGiven.Digest(digest), Teams, Now)?.Teams;

    private static TrustFinding.Verified Signed(params RoleTarget[] targets) => new(new RepositoryTrust(targets, [], Now.AddHours(1)));

    private static RoleTarget Target(string role, string tag, string digest, params string[] keys) => new(role, tag, SigningGiven.Digest(digest), 1, keys);
}
