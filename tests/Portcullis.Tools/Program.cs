using Portcullis.Tools.Mutants;

return args switch
{
    ["mutants", .. var files] => MutantsCommand.Run(files),
    ["mutants-worker", .. var options] => MutantWorker.Run(options),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: mutants [PART-OF-A-FILE-NAME ...]");
    return 2;
}
