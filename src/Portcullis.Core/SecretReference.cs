using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Portcullis.Core;

/// <summary>A Secret in the system namespace.</summary>
public sealed record SecretReference
{
    [StringLength(253, MinimumLength = 1)]
    [Description("The name of the Secret.")]
    public required string Name { get; init; }
}
