using Portcullis.Commands;
using Portcullis.Core.Scans;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Testing.Registries;

namespace Portcullis.Tests.Scans;

/// <summary><c>portcullis scan rematch</c> against a cluster.</summary>
[TestFixture]
internal sealed class RematchCommandTests
{
    [Test]
    public async Task The_images_of_a_repository_are_judged_again_when_somebody_asks_and_those_of_others_are_not()
    {
        await using var scans = await ScanWorld.StartAsync();
        scans.Know();
        var image = ScanWorld.Debian("zlib1g=1.2.11");
        await scans.World.PushAsync("1", image);
        await scans.UntilAsync(image.Digest, ImageScanState.Completed);
        scans.KnowWithoutRematch(("zlib1g", "CVE-2022-37434", Severity.Critical, "1.2.13"));

        Assert.That(await RunAsync(scans, ScanWorld.Live), Is.EqualTo((2, "", "portcullis: no image of shop/live is scanned\n")));
        Assert.That((await scans.ScanAsync(image.Digest))!.Critical, Is.Zero);
        var (code, output, error) = await RunAsync(scans, "shop/web");

        Assert.That((code, output, error), Is.EqualTo((0, "1 image to be judged again; kubectl get imagescans shows the results\n", "")));
        await scans.World.UntilAsync(async () => (await scans.ScanAsync(image.Digest))!.Critical == 1, "the image to be judged again");
    }

    [Test]
    public async Task Without_a_repository_all_images_are_judged_again()
    {
        await using var scans = await ScanWorld.StartAsync();
        Assert.That(await RunAsync(scans), Is.EqualTo((0, "0 images to be judged again; kubectl get imagescans shows the results\n", "")));
        scans.Know();
        BuiltImage[] images = [ScanWorld.Debian("zlib1g=1.2.11"), ScanWorld.Debian("zlib1g=1.2.12")];
        foreach (var (index, image) in images.Index())
        {
            await scans.World.PushAsync($"{index}", image);
            await scans.UntilAsync(image.Digest, ImageScanState.Completed);
        }

        scans.KnowWithoutRematch(("zlib1g", "CVE-2022-37434", Severity.Critical, "1.2.13"));
        var (code, output, _) = await RunAsync(scans);

        Assert.That((code, output), Is.EqualTo((0, "2 images to be judged again; kubectl get imagescans shows the results\n")));
        await scans.World.UntilAsync(async () => (await Task.WhenAll(images.Select(i => scans.ScanAsync(i.Digest)))).All(s => s!.Critical == 1), "the images to be judged again");
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(ScanWorld scans, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(["rematch", .. arguments, "--kubeconfig", scans.World.Cluster.KubeconfigPath], output, error, [ScanRematchCommand.Create()]);
        return (code, output.ToString(), error.ToString());
    }
}
