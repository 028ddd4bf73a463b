namespace Portcullis.Schemas.Structural;

/// <summary>What Kubernetes' own types do with a field that is absent, null or zero (Go's pointer, omitempty and neither).</summary>
public enum FieldPresence
{
    /// <summary>Kept as given; null is the same as absent.</summary>
    Optional,

    /// <summary>The zero value is the same as absent.</summary>
    OmitZero,

    /// <summary>Written with its zero value when absent.</summary>
    Always,
}
