using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portcullis.Commands;
using Portcullis.Core.Promotions;
using Portcullis.Evidence;
using Portcullis.Objects.Json;
using Portcullis.Testing.Registries;

namespace Portcullis.Tests.Promotions;

/// <summary><c>portcullis promotion explain</c> against a cluster.</summary>
internal sealed partial class PromotionExplainTests
{
    private const string NoneCritical = "criteria: [{field: CriticalVulnerabilities, operator: LessOrEqual, values: ['0']}]";

    [Test]
    public async Task Shows_where_an_image_came_from_and_what_every_policy_decides_about_it()
    {
        await using var setup = await PromotionSetup.StartAsync();
        await setup.DeclareAsync("live");
        await setup.DeclareAsync("scanned", NoneCritical, template: "s-%n");
        await setup.DeclareAsync("prod", "criteria: [{field: Tag, operator: StartsWith, values: [v]}, {field: SignedBy, operator: OneOf, values: [shop/release]}]", PromotionSetup.Live, "shop/prod");
        var image = ImageBuilder.Small();
        await setup.World.PushAsync("v1", image);
        await setup.UntilDoneAsync("v1", "live");

        var (code, output, error) = await RunAsync(setup, "shop/web:v1");
        Assert.That((code, error), Is.EqualTo((1, "")), "scanned holds it back");
        Assert.That(output, Is.EqualTo($"""
            shop/web:v1 of the Registry dtr
              digest  {image.Digest}
              pushed  TIME by ann

            PromotionPolicy live to shop/live with the template %n
              Promoted: shop/live:v1 at TIME
              no criteria: every image is promoted

            PromotionPolicy scanned to shop/live with the template s-%n
              HeldBack
              unknown  CriticalVulnerabilities LessOrEqual 0: not scanned

            Decision records
              shop/live@RECORD
                signed by the operator, valid: shop/web:v1 to shop/live:v1 by live at TIME

            """));

        (code, output, _) = await RunAsync(setup, "dtr.example.com/shop/live:v1");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Is.EqualTo($"""
            shop/live:v1 of the Registry dtr
              digest  {image.Digest}
              pushed  TIME by ann
              promoted from shop/web:v1 by live

            PromotionPolicy prod to shop/prod with the template %n
              HeldBack
              met      Tag StartsWith v: the tag is v1
              not met  SignedBy OneOf shop/release: not signed

            Decision records
              shop/live@RECORD
                signed by the operator, valid: shop/web:v1 to shop/live:v1 by live at TIME

            """));
    }

    [Test]
    public async Task Names_a_policy_that_found_the_image_under_the_tag_already()
    {
        await using var setup = await PromotionSetup.StartAsync();
        await setup.DeclareAsync("live");
        await setup.World.PushAsync("v1", ImageBuilder.Small());
        await setup.UntilDoneAsync("v1", "live");
        await setup.DeclareAsync("again", "applyTo: Existing");
        await setup.UntilDoneAsync("v1", "again");

        var (code, output, _) = await RunAsync(setup, "shop/live:v1");

        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("  promoted from shop/web:v1 by live\n  promoted from shop/web:v1 by again too, which found the image there\n"));
    }

    [Test]
    public async Task Names_forged_records_and_ignores_them()
    {
        await using var setup = await PromotionSetup.StartAsync();
        await setup.DeclareAsync("live");
        var image = ImageBuilder.Small();
        await setup.World.PushAsync("v1", image);
        await setup.UntilDoneAsync("v1", "live");
        await setup.ForgeAsync(image, EvidenceKey.Of(EvidenceKey.NewPem())!, new PromotionEvidence
        {
            Policy = "security", Generation = 1, Source = "shop/web:v1", Target = "shop/live:v1", Digest = image.Digest, Time = DateTimeOffset.UnixEpoch, Criteria = [],
        });
        await setup.AttachRecordAsync(image, PromotionEvidence.ArtifactType, """{"policy":"security"}"""u8.ToArray(), "");

        var (_, output, _) = await RunAsync(setup, "shop/live:v1");

        Assert.That(output, Does.Contain("signed by the operator, valid: shop/web:v1 to shop/live:v1 by live at TIME"));
        Assert.That(output, Does.Contain("IGNORED: its signature is not by the operator's evidence key"));
        Assert.That(output, Does.Contain("IGNORED: it is not signed"));
        Assert.That(output, Does.Not.Contain("by security"));
    }

    [Test]
    public async Task Says_why_the_records_could_not_be_checked()
    {
        await using var setup = await PromotionSetup.StartAsync();
        await setup.DeclareAsync("live");
        await setup.World.PushAsync("v1", ImageBuilder.Small());
        await setup.UntilDoneAsync("v1", "live");
        await setup.World.Registry.StopAsync(kill: true);

        var (code, output, _) = await RunAsync(setup, "shop/live:v1");

        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("Decision records: not checked: "));
    }

    [Test]
    public async Task Prints_JSON_and_exits_with_0_when_no_policy_holds_it_up()
    {
        await using var setup = await PromotionSetup.StartAsync();
        await setup.DeclareAsync("live");
        await setup.World.PushAsync("v1", ImageBuilder.Small());
        await setup.UntilDoneAsync("v1", "live");

        var (code, output, _) = await RunAsync(setup, "shop/web:v1", "--output", "json", "--registry", "dtr");

        Assert.That(code, Is.Zero);
        var json = (JsonObject)JsonNode.Parse(output)!;
        Assert.That(json.String("digest"), Is.EqualTo(ImageBuilder.Small().Digest));
        Assert.That(json.Array("policies")![0]!.AsObject().String("decision"), Is.EqualTo("Promoted"));
    }

    [TestCase("shop/web", "\"shop/web\" is not of the form REPOSITORY:TAG")]
    [TestCase("shop/wep:v1", "no Repository declares shop/wep; did you mean shop/web?")]
    [TestCase("shop/web:v9", "the ledger of shop/web has no tag v9")]
    public async Task What_there_is_not_is_exit_2(string image, string message)
    {
        await using var setup = await PromotionSetup.StartAsync();
        var (code, output, error) = await RunAsync(setup, image);
        Assert.That((code, output, error), Is.EqualTo((2, "", $"portcullis: {message}\n")));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(PromotionSetup setup, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(
            ["promotion", "explain", .. arguments, "--kubeconfig", setup.World.Cluster.KubeconfigPath], output, error, [PromotionCommand.Create()]);
        return (code, Record().Replace(Time().Replace(output.ToString(), "TIME"), "@RECORD"), error.ToString());
    }

    [GeneratedRegex(@"@sha256:[0-9a-f]{64}")]
    private static partial Regex Record();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")]
    private static partial Regex Time();
}
