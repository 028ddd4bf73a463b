using System.Collections.Concurrent;
using Portcullis.Core.Kinds;
using Portcullis.Schemas.Crds;
using Portcullis.Schemas.Structural;
using Portcullis.Schemas.Validation;

namespace Portcullis.Core.Revisions;

/// <summary>The schema of each of our kinds, ready for use: the same that the API server enforces, CEL rules and all.</summary>
public static class ManifestSchemas
{
    private static readonly ConcurrentDictionary<KindDefinition, CompiledSchema> Compiled = [];

    public static CompiledSchema For(KindDefinition kind) => Compiled.GetOrAdd(kind, Compile);

    private static CompiledSchema Compile(KindDefinition kind)
    {
        var (schema, errors) = CompiledSchema.Compile(StructuralSchema.Parse(CrdSchema.FromType(kind.Type)));
        return schema ?? throw new InvalidOperationException($"the schema of {kind.Resource} does not compile: {string.Join("; ", errors)}");
    }
}
