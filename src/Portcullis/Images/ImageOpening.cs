using Portcullis.Clients.Registry;
using Portcullis.Errors;
using Portcullis.Scanning.Images;

namespace Portcullis.Images;

/// <summary>Opens what the user names: a layout or an archive where there is a file or folder of that name, else an image in a registry.</summary>
internal static class ImageOpening
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(10);

    /// <summary>The store, and the tag that was given after a path (PATH:TAG).</summary>
    /// <param name="image">As the user wrote it.</param>
    /// <param name="plainHttp">Whether the registry is asked without TLS.</param>
    /// <param name="realms">Token servers that may have the credential beside the registry itself.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    public static async Task<(IImageStore Store, string? Tag)> OpenAsync(string image, bool plainHttp, IReadOnlyCollection<string> realms, CancellationToken cancellationToken)
    {
        if (Path.Exists(image))
        {
            return (await ImageStores.OpenAsync(image, cancellationToken), null);
        }

        // The name of an image in an archive of docker save has a colon itself: saved.tar:admin/app:1.0.
        for (var colon = image.LastIndexOf(':'); colon > 0; colon = image.LastIndexOf(':', colon - 1))
        {
            if (Path.Exists(image[..colon]))
            {
                return (await ImageStores.OpenAsync(image[..colon], cancellationToken), image[(colon + 1)..]);
            }
        }

        var reference = image.StartsWith('.') || image.StartsWith('/') ? null : ImageReference.TryParse(image);
        return reference is null
            ? throw new CommandException(ExitCode.WrongInput, $"there is no file or folder {image}, and it is no image in a registry: write [HOST[:PORT]/]REPOSITORY[:TAG]")
            : (Registry(reference, plainHttp, realms), null);
    }

    private static RegistryImages Registry(ImageReference image, bool plainHttp, IReadOnlyCollection<string> realms)
    {
        var endpoint = RegistryEndpoint.TryParse($"{(plainHttp ? "http" : "https")}://{image.Host}", allowPlainHttp: plainHttp)
            ?? throw new CommandException(ExitCode.WrongInput, $"'{image.Host}' is no address of a registry: write HOST[:PORT]");
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = ConnectWithin };
        var options = new RegistryClientOptions
        {
            Credential = DockerCredentials.For(image.Host),
            Realms = image.Host == ImageReference.DockerHub ? [.. realms, "auth.docker.io"] : realms,
        };
        return new RegistryImages(RegistryClient.Create(endpoint, handler, options), image, handler);
    }
}
