using Portcullis.Schemas.Structural;

namespace Portcullis.Schemas.Validation;

/// <summary>Errors of one node, and how many checks passed: of several failing alternatives of an anyOf, the server reports the one that matched most.</summary>
internal sealed class SchemaResult
{
    public List<FieldError> Errors { get; } = [];

    public int Matches { get; set; }

    public bool IsValid => Errors.Count == 0;

    public void Merge(SchemaResult other)
    {
        Errors.AddRange(other.Errors);
        Matches += other.Matches;
    }
}
