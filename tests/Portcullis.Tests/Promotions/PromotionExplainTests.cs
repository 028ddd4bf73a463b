using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portcullis.Commands;
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
              HeldBack: shop/live
              unknown  CriticalVulnerabilities LessOrEqual 0: not scanned

            """));

        (code, output, _) = await RunAsync(setup, "dtr.example.com/shop/live:v1");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Is.EqualTo($"""
            shop/live:v1 of the Registry dtr
              digest  {image.Digest}
              pushed  TIME by ann
              promoted from shop/web:v1 by live

            PromotionPolicy prod to shop/prod with the template %n
              HeldBack: shop/prod
              met      Tag StartsWith v: the tag is v1
              unknown  SignedBy OneOf shop/release: not verified

            """));
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
        return (code, Time().Replace(output.ToString(), "TIME"), error.ToString());
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")]
    private static partial Regex Time();
}
