using System.Text;
using Portcullis.Core;
using Portcullis.Core.Identity;
using Portcullis.Identity.Stored;
using Portcullis.Objects;

namespace Portcullis.Tests.Identity;

/// <summary>Identity providers and Secrets, as a test declares them.</summary>
internal sealed class IdentityWorld
{
    private const string Source = "platform";

    private readonly List<SourceSecret> _secrets = [];
    private readonly List<IdentityProvider> _providers = [];
    private readonly FixedStore<IdentityProvider> _providerStore = new();
    private readonly FixedStore<SourceSecret> _secretStore = new();

    public IdentityWorld()
    {
        Providers = new Providers(_providerStore);
        Secrets = new SourceSecrets(_secretStore);
    }

    public Providers Providers { get; }

    public SourceSecrets Secrets { get; }

    public void Add(string name, IdentityProviderSpec spec)
    {
        _providers.RemoveAll(p => p.Metadata.Name == name);
        _providers.Add(new IdentityProvider
        {
            Metadata = new ObjectMeta { Name = name, Uid = name, Generation = 1, Labels = new Dictionary<string, string> { [WellKnown.Labels.Source] = Source } },
            Spec = spec,
        });
        _providerStore.Set([.. _providers]);
    }

    public SecretReference AddSecret(string name, string? host, params (string Key, string Value)[] data)
    {
        _secrets.Add(new SourceSecret
        {
            Metadata = new ObjectMeta
            {
                Name = name,
                Namespace = WellKnown.SystemNamespace,
                Labels = new Dictionary<string, string> { [WellKnown.Labels.AllowedSource] = Source },
                Annotations = host is null ? null : new Dictionary<string, string> { [WellKnown.Annotations.AllowedHost] = host },
            },
            Data = data.ToDictionary(d => d.Key, d => Convert.ToBase64String(Encoding.UTF8.GetBytes(d.Value))),
        });
        _secretStore.Set([.. _secrets]);
        return new SecretReference { Name = name };
    }
}
