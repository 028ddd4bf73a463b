using System.Net;
using System.Net.Sockets;
using Portcullis.EndToEnd.Programs;

namespace Portcullis.EndToEnd.Commands;

/// <summary><c>portcullis apiserver</c> as a process.</summary>
internal sealed class ApiServerCommandTests
{
    [Test]
    public async Task Settings_of_another_program_in_the_working_folder_open_no_further_port()
    {
        var folder = Directory.CreateTempSubdirectory("px-").FullName;
        try
        {
            var port = FreePort();
            await File.WriteAllTextAsync(
                Path.Combine(folder, "appsettings.json"), $$$"""{"Kestrel":{"Endpoints":{"Web":{"Url":"http://127.0.0.1:{{{port}}}"} } } }""");
            await using var server = PortcullisProcess.StartIn(folder, "apiserver", "--state", Path.Combine(folder, "state"));
            await server.SaysAsync("export KUBECONFIG=");
            using var client = new TcpClient();
            Assert.That(async () => await client.ConnectAsync(IPAddress.Loopback, port), Throws.InstanceOf<SocketException>());
            server.Signal("INT");
            Assert.That(await server.EndAsync(), Is.Zero);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
