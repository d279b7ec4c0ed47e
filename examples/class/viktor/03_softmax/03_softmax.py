def softmax(S):
    return S  # an old try; the notebook is the right one
