namespace Portcullis.ApiServer.Kinds;

/// <summary>Which kinds the API has at this moment: built-in and by CRD.</summary>
internal interface IKindDirectory
{
    /// <summary>One entry (the storage version) a kind.</summary>
    IReadOnlyList<ApiResource> All { get; }

    /// <summary>The kind an owner reference or an involved object names; any served version finds it.</summary>
    ApiResource? Find(string apiVersion, string kind);
}
