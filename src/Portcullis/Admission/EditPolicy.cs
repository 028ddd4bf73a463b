namespace Portcullis.Admission;

/// <summary>What becomes of an edit of an object that Git declares. Nothing of it is acted upon either way.</summary>
internal enum EditPolicy
{
    /// <summary>The API server refuses it, and the message says where to change the object.</summary>
    Refuse,

    /// <summary>It is made, and brought back.</summary>
    Revert,
}
