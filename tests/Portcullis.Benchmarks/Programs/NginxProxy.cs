using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Portcullis.Testing;

namespace Portcullis.Benchmarks.Programs;

/// <summary>nginx before a server, as a plain proxy that keeps nothing: what a gateway is compared with.</summary>
internal sealed class NginxProxy : IAsyncDisposable
{
    private const string Program = "/usr/sbin/nginx";

    private readonly Process _process;
    private readonly string _folder;

    private NginxProxy(Process process, string folder, Uri address) => (_process, _folder, Address) = (process, folder, address);

    /// <summary>Why it cannot be run here; null when it can.</summary>
    public static string? Missing { get; } = File.Exists(Program) ? null : "nginx is not installed (apt-get install nginx-light)";

    public Uri Address { get; }

    public static async Task<NginxProxy> StartAsync(Uri upstream)
    {
        var folder = Directory.CreateTempSubdirectory("pb-nginx-").FullName;
        var port = FreePort();
        await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), string.Create(CultureInfo.InvariantCulture, $$"""
            daemon off;
            pid {{folder}}/pid;
            error_log {{folder}}/error.log;
            worker_processes auto;
            events { worker_connections 1024; }
            http {
              access_log off;
              client_body_temp_path {{folder}}/body;
              proxy_temp_path {{folder}}/proxy;
              fastcgi_temp_path {{folder}}/fastcgi;
              uwsgi_temp_path {{folder}}/uwsgi;
              scgi_temp_path {{folder}}/scgi;
              upstream registry { server {{upstream.Authority}}; keepalive 64; }
              server {
                listen 127.0.0.1:{{port}};
                client_max_body_size 0;
                location / {
                  proxy_pass http://registry;
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_set_header Host $host;
                  proxy_buffering off;
                  proxy_request_buffering off;
                }
              }
            }
            """));
        var process = Process.Start(new ProcessStartInfo(Program, ["-c", Path.Combine(folder, "nginx.conf"), "-e", Path.Combine(folder, "error.log")]))!;
        var proxy = new NginxProxy(process, folder, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")));
        using var http = new HttpClient();
        await Eventually.HoldsAsync(() => AnswersAsync(http, new Uri(proxy.Address, "v2/")));
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<bool> AnswersAsync(HttpClient http, Uri url)
    {
        try
        {
            using var response = await http.GetAsync(url);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
