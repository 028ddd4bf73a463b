using System.Text.Json.Nodes;
using Portcullis.Core.Kinds;
using Portcullis.Core.Registries;
using Portcullis.Core.Signing;
using Portcullis.Signing;

namespace Portcullis.Tests.Signing;

/// <summary>A decision is kept only while it would be made again.</summary>
internal sealed class AskedImageTests
{
    private const string Image = "dtr.example.com/acme/app:1";
    private const string First = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Second = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Expiry = Now.AddHours(1);

    [Test]
    public void What_is_found_otherwise_is_decided_anew_at_once()
    {
        var asked = Model("Enforce").Of(Image, SigningPlace.Nowhere);
        var found = Signed(First);
        var before = asked.Decide(found, Now, explain: false);
        Assert.Multiple(() =>
        {
            Assert.That(asked.Decide(found, Now, explain: false), Is.SameAs(before), "the same findings");
            Assert.That(asked.Decide(Signed(Second), Now, explain: false).Pinned, Is.EqualTo(Second));
            Assert.That(asked.Decide(Finding(new TrustFinding.Rejected("rolled back")), Now, explain: false).MayRun, Is.False);
            Assert.That(asked.Decide(new Dictionary<SignatureVerifier, TrustFinding>(), Now, explain: false).MayRun, Is.False);
        });
    }

    [Test]
    public void What_has_expired_counts_no_longer_from_that_moment_on()
    {
        var asked = Model("Enforce").Of(Image, SigningPlace.Nowhere);
        var found = Signed(First);
        Assert.That(new[] { Now, Expiry.AddTicks(-1), Expiry }.Select(at => asked.Decide(found, at, explain: false).MayRun), Is.EqualTo(new[] { true, true, false }));
    }

    [Test]
    public void What_is_not_signed_is_decided_each_time_and_an_explanation_is_never_left_out()
    {
        var asked = Model("Enforce").Of(Image, SigningPlace.Nowhere);
        var (signed, unsigned) = (Signed(First), Finding(new TrustFinding.Absent("nobody signed")));
        var refused = asked.Decide(unsigned, Now, explain: false);
        Assert.That(asked.Decide(unsigned, Now, explain: false), Is.Not.SameAs(refused));
        asked.Decide(signed, Now, explain: false);
        Assert.That(asked.Decide(signed, Now, explain: true).Steps, Is.Not.Empty);
    }

    [Test]
    public void An_image_is_worked_out_once_for_each_place_and_what_is_no_name_is_not_kept()
    {
        var model = Model("Enforce");
        var web = model.Of(Image, new SigningPlace("web", null));
        Assert.That(model.Of(Image, new SigningPlace("web", null)), Is.SameAs(web));
        Assert.That(model.Of(Image, new SigningPlace("web", "/production")), Is.Not.SameAs(web));
        Assert.That(model.Of("No Name", SigningPlace.Nowhere), Is.Not.SameAs(model.Of("No Name", SigningPlace.Nowhere)));
    }

    private static AskedImages Model(string mode)
    {
        var registry = TypedObject.Read<Registry>((JsonObject)JsonNode.Parse(
            """{"apiVersion":"portcullis.dev/v1alpha1","kind":"Registry","metadata":{"name":"dtr"},"spec":{"host":"dtr.example.com","upstream":{"url":"https://upstream.example.com"}}}""")!);
        var policy = TypedObject.Read<SigningPolicy>((JsonObject)JsonNode.Parse(
            $$$"""{"apiVersion":"portcullis.dev/v1alpha1","kind":"SigningPolicy","metadata":{"name":"signed"},"spec":{"mode":"{{{mode}}}","anySigner":true}}""")!);
        return new AskedImages(new SigningModel([policy], [registry], TeamKeys.Nothing));
    }

    private static Dictionary<SignatureVerifier, TrustFinding> Signed(string digest) =>
        Finding(new TrustFinding.Verified(new RepositoryTrust([new RoleTarget("targets/ci", "1", digest, 1234, ["key"])], [], Expiry)));

    private static Dictionary<SignatureVerifier, TrustFinding> Finding(TrustFinding finding) => new() { [SignatureVerifier.Notary] = finding };
}
