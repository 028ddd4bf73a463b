using Portcullis.Core;
using Portcullis.Kubernetes.Stores;
using Portcullis.Secrets;

namespace Portcullis.Identity.Stored;

/// <summary>Secrets for objects that a source declared, from the store: a log-in costs no request for them.</summary>
internal sealed class SourceSecrets(IStore<SourceSecret> secrets)
{
    /// <exception cref="BoundSecretException">There is no such Secret for this source.</exception>
    public BoundSecret Read(string source, string name)
    {
        if (secrets.Get(new ObjectKey(WellKnown.SystemNamespace, name)) is not { Metadata.IsBeingDeleted: false } secret || secret.Metadata.Label(WellKnown.Labels.AllowedSource) != source)
        {
            throw new BoundSecretException($"there is no Secret {name} in the namespace {WellKnown.SystemNamespace} with the label {WellKnown.Labels.AllowedSource}={source}");
        }

        var data = (secret.Data ?? new Dictionary<string, string>()).Keys.Select(k => (Key: k, Value: SecretText.Of(secret.Data, k)))
            .Where(d => d.Value is not null)
            .ToDictionary(d => d.Key, d => d.Value!, StringComparer.Ordinal);
        return new BoundSecret(name, data, secret.Metadata.Annotation(WellKnown.Annotations.AllowedHost));
    }

    /// <exception cref="BoundSecretException">There is no such Secret for this source, or no such key in it.</exception>
    public string Value(string source, string name, string key) =>
        Read(source, name).Find(key) ?? throw new BoundSecretException($"the Secret {name} has no key {key}");
}
