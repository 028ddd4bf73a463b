using System.Net;
using Microsoft.AspNetCore.Http;
using Portcullis.Http.Serving;

namespace Portcullis.Http.Tests.Serving;

/// <summary>What lies around a server does not change it. The variables are the whole process', so these run alone.</summary>
[NonParallelizable]
internal sealed class SurroundingsTests
{
    private static readonly string[] Variables = ["ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_Kestrel__Endpoints__Web__Url", "DOTNET_URLS", "Kestrel__Endpoints__Web__Url"];
    private readonly string _before = Directory.GetCurrentDirectory();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("surroundings-");

    [TearDown]
    public void Restore()
    {
        Directory.SetCurrentDirectory(_before);
        Array.ForEach(Variables, name => Environment.SetEnvironmentVariable(name, null));
        _folder.Delete(recursive: true);
    }

    [Test]
    public async Task No_file_of_the_working_folder_and_no_variable_opens_another_port()
    {
        using var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        Directory.SetCurrentDirectory(_folder.FullName);
        await File.WriteAllTextAsync("appsettings.json", $$$"""{"Kestrel":{"Endpoints":{"Web":{"Url":"http://127.0.0.1:{{{port}}}"} } }, "urls": "http://127.0.0.1:{{{port}}}"}""");
        Array.ForEach(Variables, name => Environment.SetEnvironmentVariable(name, name.EndsWith("PORTS", StringComparison.Ordinal) ? $"{port}" : $"http://127.0.0.1:{port}"));
        var options = new HttpServerOptions { Listen = ListenAddress.Loopback(0), Limits = new() { LargestBody = 0 } };
        await using var server = await HttpServer.StartAsync(options, context => context.Response.WriteAsync("hi"), CancellationToken.None);
        using var client = new HttpClient(new SocketsHttpHandler());
        Assert.That(await client.GetStringAsync(new Uri(server.Address)), Is.EqualTo("hi"));
        Assert.That(new Uri(server.Address).Port, Is.Not.EqualTo(port));
        await Assert.CatchAsync<HttpRequestException>(() => client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/")));
    }
}
