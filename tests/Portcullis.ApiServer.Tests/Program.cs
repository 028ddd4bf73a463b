using Microsoft.Extensions.Logging.Abstractions;

namespace Portcullis.ApiServer.Tests;

/// <summary>
/// Lets the test assembly serve a state folder in a process of its own, so that a test can kill it:
/// <c>dotnet Portcullis.ApiServer.Tests.dll serve FOLDER</c> prints <c>ready</c> and runs until its input closes.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is not ["serve", var folder, ..])
        {
            return 2;
        }

        await using var server = await EmbeddedApiServer.StartAsync(
            new ApiServerOptions { StateFolder = folder }, NullLoggerFactory.Instance, CancellationToken.None);
        await Console.Out.WriteLineAsync($"ready {server.AdminKubeconfigPath}");
        await Console.In.ReadLineAsync();
        return 0;
    }
}
