using System.Diagnostics;

namespace Portcullis.Tests.Gateway;

/// <summary>
/// The conformance suite of the OCI distribution specification itself, where PORTCULLIS_TEST_CONFORMANCE names its program (go test -c in the specification's
/// folder conformance, version 1.1).
/// </summary>
[TestFixture]
internal sealed class ConformanceSuiteTests
{
    private const string Variable = "PORTCULLIS_TEST_CONFORMANCE";

    [Test]
    public async Task The_suite_passes_through_the_gateway()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } program)
        {
            Assert.Ignore($"not run: {Variable} names no program");
            return;
        }

        await using var world = await GatewayWorld.StartAsync(configure: o => o with { AllowBlobDeletion = Environment.GetEnvironmentVariable($"{Variable}_BLOBS") is not null });
        var folder = Directory.CreateTempSubdirectory("pc-").FullName;
        var start = new ProcessStartInfo(program) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new (string, string)[]
        {
            ("OCI_ROOT_URL", $"http://{world.Host}"), ("OCI_NAMESPACE", GatewayWorld.Name), ("OCI_CROSSMOUNT_NAMESPACE", "shop/base"), ("OCI_USERNAME", "ann"), ("OCI_PASSWORD", "x"),
            ("OCI_TEST_PULL", "1"), ("OCI_TEST_PUSH", "1"), ("OCI_TEST_CONTENT_DISCOVERY", "1"), ("OCI_TEST_CONTENT_MANAGEMENT", "1"), ("OCI_REPORT_DIR", folder),
        })
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        var text = await output + await error;
        Directory.Delete(folder, recursive: true);
        Assert.That(process.ExitCode, Is.Zero, text);
        await TestContext.Out.WriteLineAsync(text);
    }
}
