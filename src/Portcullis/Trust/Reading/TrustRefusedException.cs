using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Trust.Reading;

/// <summary>Ends a download whose files are not what they must be. It leaves this folder as a value.</summary>
internal sealed class TrustRefusedException(TufError error, string hint = "") : Exception(hint.Length == 0 ? error.ToString() : $"{error}; {hint}")
{
    public TufError Error => error;
}
